//! Why a statement was not carried out.

use crate::connection::SqlError;
use crate::runner::error::RunnerError;
use crate::runner::watch::Blocker;

/// What came between.
pub(super) enum Trouble {
    /// The server said no.
    Sql(SqlError, Vec<Blocker>),
    /// The session was lost, and what it was doing may have taken effect.
    Lost(sqlx::Error),
    Interrupted,
    Runner(RunnerError),
}

/// Whether an error means that the session is no more.
pub(in crate::runner) fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::WorkerCrashed => true,
        // An administrator, a crash, a shutdown or a timeout ended it.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            code.starts_with("08")
                || matches!(
                    code.as_ref(),
                    "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04"
                )
        }),
        _ => false,
    }
}

impl From<RunnerError> for Trouble {
    fn from(error: RunnerError) -> Self {
        Self::Runner(error)
    }
}
