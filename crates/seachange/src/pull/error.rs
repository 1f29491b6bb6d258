//! Why a schema could not be written as entities and SQL.

use seachange_schema::plan::Refusal;

use crate::catalog::CatalogError;
use crate::connection::{ConnectError, SqlFailure};
use crate::entities::EntitiesError;
use crate::error::Help;
use crate::scratch::ScratchError;
use crate::source::SourceError;

/// Why a schema was not written as entities.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// `--table` names one that is not there.
    #[error("there is no table `{name}`")]
    NoTable {
        /// As it was given.
        name: String,
    },
    /// `--schema` names one that is not there.
    #[error("there is no schema `{name}`")]
    NoSchema {
        /// As it was given.
        name: String,
    },
    /// Objects that neither entities nor SQL beside them can say.
    #[error("this can't be written: {}", reasons(.0))]
    Refused(Vec<Refusal>),
    /// The proof: built again, it is another schema. A line for each object.
    #[error("what was made of the schema does not give that schema again: {}", .0.join("; "))]
    Differs(Vec<String>),
    /// The proof: it can't be built.
    #[error("what was made of the schema can't be built")]
    Build(#[source] EntitiesError),
    /// A file could not be written.
    #[error("`{path}` can't be written")]
    Write {
        /// Of the file, as messages show it.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Files are there, and `--force` was not given.
    #[error("{} would be overwritten or removed", quoted(paths))]
    InTheWay {
        /// The files.
        paths: Vec<String>,
    },
    /// A schema could not be had.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// There was no scratch database.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// The server was not reached, or did not let the user in.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The catalog could not be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

fn reasons(refusals: &[Refusal]) -> String {
    let all: Vec<String> = refusals
        .iter()
        .map(|refusal| format!("{}: {}", refusal.object, refusal.reason))
        .collect();
    all.join("; ")
}

fn quoted(paths: &[String]) -> String {
    let all: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    all.join(", ")
}

impl Help for PullError {
    fn help(&self) -> Option<String> {
        match self {
            Self::NoTable { .. } => {
                Some("write it as `table` or `schema.table`, without quotes".to_owned())
            }
            Self::NoSchema { .. } => Some(
                "write it without quotes, as `\\dn` of psql lists it; `--tables` takes single tables".to_owned(),
            ),
            Self::Write { .. } => {
                Some("let this user write there, or name another folder with `--out`".to_owned())
            }
            Self::Refused(_) => Some(
                "nothing was written; leave these objects out with `--tables` or `--schema`, or \
                 declare them by hand"
                    .to_owned(),
            ),
            Self::Differs(_) => Some("nothing was written; report the difference above".to_owned()),
            Self::Build(error) => error
                .sql()
                .and_then(SqlFailure::known_help)
                .or_else(|| Some("nothing was written; report the statement above".to_owned())),
            Self::InTheWay { .. } => {
                Some("say so with `--force`, or name another folder with `--out`".to_owned())
            }
            Self::Source(error) => error.help(),
            Self::Scratch(error) => error.help(),
            Self::Connect(error) => error.help(),
            Self::Catalog(error) => error.help(),
        }
    }
}
