//! What can keep the torture from being carried out. What does not hold under it is no error, but a failure in
//! its report.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use seachange::Help;
use seachange::catalog::CatalogError;
use seachange::connection::ConnectError;
use seachange::draft::DraftError;
use seachange::generate::GenerateError;
use seachange::server::ServerError;
use seachange::source::SourceError;
use thiserror::Error;

#[derive(Debug, Error)]
pub(super) enum TortureError {
    #[error("interrupted")]
    Interrupted,
    #[error("the runner, an example of the package `seachange`, can't be built")]
    NotBuilt,
    #[error("cannot run `{command}`")]
    Start { command: String, source: io::Error },
    #[error("cannot {what} `{path}`", path = path.display())]
    File {
        what: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("cannot run `{statement}`")]
    Sql {
        statement: String,
        source: sqlx::Error,
    },
    #[error("the migrations fail where nothing disturbs them:\n{said}")]
    Undisturbed { said: String },
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Server(#[from] ServerError),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Draft(#[from] DraftError),
    #[error(transparent)]
    Generate(Box<GenerateError>),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl From<GenerateError> for TortureError {
    fn from(error: GenerateError) -> Self {
        Self::Generate(Box::new(error))
    }
}

impl TortureError {
    pub(super) fn file(
        what: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { what, path, source }
    }

    pub(super) fn sql(statement: &str) -> impl FnOnce(sqlx::Error) -> Self {
        let statement = statement.lines().next().unwrap_or_default().to_owned();
        move |source| Self::Sql { statement, source }
    }

    pub(super) fn explain(&self) {
        eprintln!("error: {self}");
        let mut cause = self.source();
        while let Some(error) = cause {
            eprintln!("  because {error}");
            cause = error.source();
        }
        let help = match self {
            Self::Connect(error) => error.help(),
            Self::Server(error) => error.help(),
            Self::Source(error) => error.help(),
            Self::Draft(error) => error.help(),
            Self::Generate(error) => error.help(),
            Self::Catalog(error) => error.help(),
            Self::File { .. } => {
                Some("is there room on the disk, and is the folder yours?".to_owned())
            }
            _ => None,
        };
        if let Some(help) = help {
            eprintln!("help: {help}");
        }
    }
}
