//! What an error owes its reader beside the message: a remedy.

/// Implemented by every error of this crate. The message says what failed, where and why; the help
/// says what to do, and is printed on a line of its own behind `help:`.
pub trait Help {
    /// The remedy, one or a few sentences without a final period; none where nothing can be advised.
    fn help(&self) -> Option<String>;
}
