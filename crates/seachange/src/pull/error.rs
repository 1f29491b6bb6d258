//! Why a schema could not be written as entities and SQL.

use seachange_schema::plan::Refusal;

use crate::catalog::CatalogError;
use crate::connection::ConnectError;
use crate::entities::EntitiesError;
use crate::error::Help;
use crate::scratch::ScratchError;
use crate::source::SourceError;

#[derive(Debug, thiserror::Error)]
pub enum PullError {
    #[error("there is no table `{name}`")]
    NoTable { name: String },
    #[error("there is no schema `{name}`")]
    NoSchema { name: String },
    #[error("this can't be written: {}", reasons(.0))]
    Refused(Vec<Refusal>),
    #[error("what was made of the schema does not give that schema again: {}", .0.join("; "))]
    Differs(Vec<String>),
    #[error("what was made of the schema can't be built")]
    Build(#[source] EntitiesError),
    #[error("`{path}` can't be written")]
    Write {
        path: String,
        #[source]
        source: std::io::Error,
    },
    #[error("{} would be overwritten or removed", quoted(paths))]
    InTheWay { paths: Vec<String> },
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    #[error(transparent)]
    Connect(#[from] ConnectError),
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
            Self::NoSchema { .. } | Self::Write { .. } => None,
            Self::Refused(_) => Some(
                "nothing was written; leave these objects out with `--tables` or `--schema`, or \
                 declare them by hand"
                    .to_owned(),
            ),
            Self::Differs(_) => Some("nothing was written; report the difference above".to_owned()),
            Self::Build(error) => error
                .help()
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
