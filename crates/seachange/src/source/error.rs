//! Why a source gave no schema.

use crate::catalog::CatalogError;
use crate::connection::{ConnectError, SqlError, SqlFailure};
use crate::entities::EntitiesError;
use crate::error::{Help, database_help};
use crate::migrations::MigrationsError;
use crate::scratch::ScratchError;

/// Why a schema could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The entities can't be recorded or built.
    #[error(transparent)]
    Entities(#[from] EntitiesError),
    /// The migration folder could not be read or written.
    #[error(transparent)]
    Migrations(#[from] MigrationsError),
    /// There was no scratch database.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// The server was not reached, or did not let the user in.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The catalog could not be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A statement of an SQL file or of a migration.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// An SQL file can't be read.
    #[error("cannot read `{path}`")]
    Read {
        /// Of the file, as messages show it.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// An empty folder is not taken for an empty schema.
    #[error("the folder `{path}` holds no `.sql` file")]
    NoSqlFiles {
        /// Of the file, as messages show it.
        path: String,
    },
    /// No migration fits `migrations@…`.
    #[error("no migration is called `{asked}`")]
    UnknownVersion {
        /// As it was given.
        asked: String,
        /// What may have been meant.
        nearest: Vec<String>,
    },
    /// Several migrations fit `migrations@…`.
    #[error("`{asked}` may be any of `{}`", .matching.join("`, `"))]
    AmbiguousVersion {
        /// As it was given.
        asked: String,
        /// Those that do.
        matching: Vec<String>,
    },
    /// There is no SQL to replay.
    #[error("migration `{version}` has no `up.sql`")]
    NoUp {
        /// The migration's name.
        version: String,
    },
    /// Only the workspace's own binary can run it.
    #[error("migration `{version}` is written in Rust, and nothing here can run it")]
    NothingRunsRust {
        /// The migration's name.
        version: String,
    },
    /// The workspace's binary ran it and failed.
    #[error("migration `{version}` failed in a scratch database")]
    Rust {
        /// The migration's name.
        version: String,
        /// What the binary said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It ran, and SeaORM's record does not have it.
    #[error("migration `{version}` was run in a scratch database, but is not recorded as applied")]
    NotRecorded {
        /// The migration's name.
        version: String,
    },
    /// The transaction around a replayed migration failed.
    #[error("could not replay migration `{version}`")]
    Replay {
        /// The migration's name.
        version: String,
        /// What PostgreSQL or the connection said.
        #[source]
        source: sqlx::Error,
    },
    /// `database` was asked for, and no URL is known.
    #[error("there is no database to read")]
    NoDatabase,
    /// What was asked for builds a scratch copy, which is done from files alone.
    #[error("`{source_name}` is a live database: no scratch copy is made of it")]
    Live {
        /// As it was given.
        source_name: String,
    },
    /// A cached schema is spelled by another version.
    #[error("PostgreSQL {was} has become PostgreSQL {is} since schemas were last read")]
    ServerChanged {
        /// `server_version_num` then.
        was: u32,
        /// The same now.
        is: u32,
    },
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
            Self::Replay { source, .. } => return Some(database_help(source)),
            Self::NoDatabase => "name one with --database-url or DATABASE_URL",
            Self::Live { .. } => "use another source",
            Self::ServerChanged { .. } => "run it again: schemas are then read anew",
        };
        Some(text.to_owned())
    }
}
