//! Why a source gave no schema.

use crate::catalog::CatalogError;
use crate::connection::{ConnectError, SqlError, SqlFailure};
use crate::entities::EntitiesError;
use crate::error::Help;
use crate::migrations::MigrationsError;
use crate::scratch::ScratchError;

#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error(transparent)]
    Entities(#[from] EntitiesError),
    #[error(transparent)]
    Migrations(#[from] MigrationsError),
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A statement of an SQL file or of a migration.
    #[error(transparent)]
    Sql(#[from] SqlError),
    #[error("cannot read `{path}`")]
    Read {
        path: String,
        #[source]
        source: std::io::Error,
    },
    #[error("the folder `{path}` holds no `.sql` file")]
    NoSqlFiles { path: String },
    #[error("no migration is called `{asked}`")]
    UnknownVersion { asked: String, nearest: Vec<String> },
    #[error("`{asked}` may be any of `{}`", .matching.join("`, `"))]
    AmbiguousVersion {
        asked: String,
        matching: Vec<String>,
    },
    #[error("migration `{version}` has no `up.sql`")]
    NoUp { version: String },
    #[error("migration `{version}` is written in Rust, and nothing here can run it")]
    NothingRunsRust { version: String },
    #[error("migration `{version}` failed in a scratch database")]
    Rust {
        version: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("migration `{version}` was run in a scratch database, but is not recorded as applied")]
    NotRecorded { version: String },
    #[error("could not replay migration `{version}`")]
    Replay {
        version: String,
        #[source]
        source: sqlx::Error,
    },
    #[error("there is no database to read")]
    NoDatabase,
    #[error("`{source_name}` is a live database: no scratch copy is made of it")]
    Live { source_name: String },
    #[error("PostgreSQL {was} has become PostgreSQL {is} since schemas were last read")]
    ServerChanged { was: u32, is: u32 },
}

impl SourceError {
    /// What PostgreSQL said about a statement, if that is what failed.
    pub fn sql(&self) -> Option<&SqlFailure> {
        match self {
            Self::Sql(error) => Some(error),
            Self::Entities(error) => error.sql(),
            _ => None,
        }
    }
}

impl Help for SourceError {
    fn help(&self) -> Option<String> {
        let text = match self {
            Self::Entities(error) => return error.help(),
            Self::Migrations(error) => return error.help(),
            Self::Scratch(error) => return error.help(),
            Self::Connect(error) => return error.help(),
            Self::Catalog(error) => return error.help(),
            Self::Sql(error) => return error.help(),
            Self::Read { .. } => "check that it is there, in UTF-8, and that this user may read it",
            Self::NoSqlFiles { .. } => "name a folder that holds `.sql` files directly",
            Self::UnknownVersion { nearest, .. } if nearest.is_empty() => {
                "there is no migration yet: write one with `generate`"
            }
            Self::UnknownVersion { nearest, .. } => {
                return Some(format!("did you mean `{}`?", nearest.join("`, `")));
            }
            Self::AmbiguousVersion { .. } => "write more of it",
            Self::NoUp { .. } => "restore the file from version control",
            Self::NothingRunsRust { .. } | Self::NotRecorded { .. } => {
                "see that the migration package builds and lists this migration in `lib.rs`"
            }
            Self::Rust { .. } => "read its output above: it must also run on an empty database",
            Self::Replay { .. } => return None,
            Self::NoDatabase => "name one with --database-url or DATABASE_URL",
            Self::Live { .. } => "use another source",
            Self::ServerChanged { .. } => "run it again: schemas are then read anew",
        };
        Some(text.to_owned())
    }
}
