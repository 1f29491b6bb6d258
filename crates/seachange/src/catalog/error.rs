//! How reading the catalog fails.

use crate::error::Help;
use crate::postgresql::OLDEST;

#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error("could not begin a transaction to read the catalog in")]
    Transaction(#[source] sqlx::Error),
    #[error("could not read the {topic} of the catalog")]
    Query {
        topic: &'static str,
        source: sqlx::Error,
    },
    #[error("could not understand the {topic} of the catalog")]
    Answer {
        topic: &'static str,
        source: serde_json::Error,
    },
    #[error("the server runs PostgreSQL {0}, which is too old")]
    Version(u32),
}

impl Help for CatalogError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Transaction(sqlx::Error::InvalidSavePointStatement) => {
                Some("`read` wants a connection without an open transaction".to_owned())
            }
            Self::Transaction(_) => None,
            Self::Query { source, .. } => query_help(source).map(str::to_owned),
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
fn query_help(source: &sqlx::Error) -> Option<&'static str> {
    let code = source.as_database_error()?.code()?;
    match code.as_ref() {
        "XX000" | "42P01" | "42883" => {
            Some("if somebody changed the schema at this moment, run it again")
        }
        "42501" => Some("connect as the owner of the schema's objects"),
        "57014" => Some("a statement timeout or a cancellation ended it; allow it more time"),
        _ => None,
    }
}
