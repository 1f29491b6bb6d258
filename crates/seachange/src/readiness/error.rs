//! How it fails to be told whether a database is ready.

use crate::catalog::CatalogError;
use crate::error::Help;
use crate::migrations::Problem;
use crate::runner::RunnerError;

/// What a program was built with is no lock.
#[derive(Debug, thiserror::Error)]
#[error("the lock that this program was built with is not in order: {0}")]
pub struct ExpectedError(pub Problem);

/// Why it can't be told. Treat it as not ready.
#[derive(Debug, thiserror::Error)]
pub enum ReadinessError {
    /// `seaql_migrations` or what stands beside it.
    #[error("where the migrations stand could not be read")]
    Record(#[from] RunnerError),
    /// The catalog could not be read.
    #[error("the schema could not be read")]
    Catalog(#[from] CatalogError),
}

impl Help for ExpectedError {
    fn help(&self) -> Option<String> {
        self.0.help()
    }
}

impl Help for ReadinessError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Record(error) if is_denied(error) => Some(
                "the role needs SELECT on seaql_migrations, seachange_history and seachange_journal"
                    .to_owned(),
            ),
            Self::Record(error) => error.help(),
            Self::Catalog(error) => error.help(),
        }
    }
}

fn is_denied(error: &RunnerError) -> bool {
    let RunnerError::Books { source, .. } = error else {
        return false;
    };
    let code = source.as_database_error().and_then(|error| error.code());
    code.as_deref() == Some("42501")
}
