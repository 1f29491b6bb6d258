//! How reading the catalog fails.

use crate::error::{Help, database_help};
use crate::postgresql::OLDEST;

/// Why the catalog could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// The snapshot could not be taken.
    #[error("could not begin a transaction to read the catalog in")]
    Transaction(#[source] sqlx::Error),
    /// A query of the catalog failed.
    #[error("could not read the {topic} of the catalog")]
    Query {
        /// What it asked for: `tables`, `functions`.
        topic: &'static str,
        /// What PostgreSQL or the connection said.
        source: sqlx::Error,
    },
    /// A query's answer is not of the form that is known.
    #[error("could not understand the {topic} of the catalog")]
    Answer {
        /// What it asked for.
        topic: &'static str,
        /// What does not fit.
        source: serde_json::Error,
    },
    /// The server is older than the oldest that is known; its `server_version_num`.
    #[error("the server runs PostgreSQL {0}, which is too old")]
    Version(u32),
}

impl Help for CatalogError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Transaction(sqlx::Error::InvalidSavePointStatement) => {
                Some("`read` wants a connection without an open transaction".to_owned())
            }
            Self::Transaction(source) => Some(database_help(source)),
            Self::Query { source, .. } => Some(query_help(source)),
            // A definition is null when its object was dropped after the snapshot was taken.
            Self::Answer { .. } => Some(
                "if somebody changed the schema at this moment, run it again; else this is a \
                 defect in Seachange, or a version of PostgreSQL that it does not know"
                    .to_owned(),
            ),
            Self::Version(_) => Some(format!("PostgreSQL {OLDEST} or newer is needed")),
        }
    }
}

/// PostgreSQL's deparsing functions look past the snapshot, at the catalog as it is now.
fn query_help(source: &sqlx::Error) -> String {
    let code = source.as_database_error().and_then(|error| error.code());
    let text = match code.as_deref().unwrap_or_default() {
        "XX000" | "42P01" | "42883" => {
            "if somebody changed the schema at this moment, run it again"
        }
        "42501" => "connect as the owner of the schema's objects",
        "57014" => "a statement timeout or a cancellation ended it; allow it more time",
        _ => return database_help(source),
    };
    text.to_owned()
}
