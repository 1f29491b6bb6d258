//! What an error owes its reader beside the message: a remedy.

/// Implemented by every error of this crate. The message says what failed, where and why; the help
/// says what to do, and is printed on a line of its own behind `help:`.
pub trait Help {
    /// The remedy, one or a few sentences without a final period. A test of the repository sees to it that every error
    /// has one; none is for what needs no remedy, such as an interruption.
    fn help(&self) -> Option<String>;
}

/// What to do when a statement of our own did not go through, by what PostgreSQL or the connection says of it.
pub(crate) fn database_help(error: &sqlx::Error) -> String {
    let code = error.as_database_error().and_then(|error| error.code());
    let text = match (error, code.as_deref()) {
        (sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_), _) => {
            "the connection was lost: run it again, and look into the server's log if it stays"
        }
        (_, Some(code)) => return sqlstate_help(code).to_owned(),
        _ => "run it again; if it stays, the server's log has more",
    };
    text.to_owned()
}

/// The same by an SQLSTATE, where nothing more exact is known.
pub(crate) fn sqlstate_help(code: &str) -> &'static str {
    match code.get(..2).unwrap_or_default() {
        "08" => "the connection was lost: run it again, and look into the server's log if it stays",
        "28" => "check the user and the password in the URL, and the server's pg_hba.conf",
        "40" => "another transaction was in the way: run it again",
        "42" if code == "42501" => "connect as a role that may do it, or grant it the privilege",
        "53" => {
            "the server has run out of memory, disk or connections: give it more, then run it again"
        }
        "55" => "another session uses it: let that end, then run it again",
        "57" => {
            "the server ended it (a timeout, a cancellation, or a shutdown): run it again, with more time if it had too little"
        }
        "58" | "XX" | "F0" => "the server itself has a fault: look into its log",
        _ => "PostgreSQL's own words say what is wrong; its manual lists the SQLSTATE codes",
    }
}
