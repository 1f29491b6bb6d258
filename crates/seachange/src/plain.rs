//! Whether what is printed is drawn for the eye, or told in words to a reader of screens, and whether a line may
//! be written over. One rule for the command line, the migration program and the seed program.

/// `1` asks every program for words in the place of signs, frames and lines that are written over.
pub const PLAIN: &str = "SEACHANGE_PLAIN";

/// Whether words are wanted; empty and `0` are as good as unset.
pub fn is_plain() -> bool {
    std::env::var(PLAIN).is_ok_and(|value| !value.is_empty() && value != "0")
}

/// Whether a line of the terminal may be written over. What is plain is not, and a terminal that calls itself
/// `dumb` can't.
pub fn may_redraw() -> bool {
    !is_plain() && std::env::var("TERM").is_ok_and(|term| term != "dumb" && !term.is_empty())
}
