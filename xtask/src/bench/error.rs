//! What can keep a measurement from being made.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

use seachange::Help;
use seachange::catalog::CatalogError;
use seachange::connection::ConnectError;
use seachange::migrations::MigrationsError;
use seachange::scratch::ScratchError;
use seachange::testing::TestingError;
use thiserror::Error;

#[derive(Debug, Error)]
pub(super) enum BenchError {
    #[error("`{program}` is not installed")]
    Missing { program: &'static str },
    #[error("cannot run `{command}`")]
    Start { command: String, source: io::Error },
    #[error("`{command}` ended with {status}, its output ({log}):\n{tail}", log = log.display())]
    Failed {
        command: String,
        status: ExitStatus,
        log: PathBuf,
        tail: String,
    },
    #[error("`{command}` did not do what is measured: {expected}; its output ({log}):\n{tail}", log = log.display())]
    Unexpected {
        command: String,
        expected: String,
        log: PathBuf,
        tail: String,
    },
    #[error("cannot {what} `{path}`", path = path.display())]
    File {
        what: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("`{path}` holds no `{part}`, which the generated workspaces take from it", path = path.display())]
    Template { path: PathBuf, part: &'static str },
    #[error("`{command}` printed no URL of a server: `{printed}`")]
    NoUrl { command: String, printed: String },
    /// What kept it from starting is printed already.
    #[error("there is no server to measure on")]
    NoServer,
    #[error(transparent)]
    Testing(#[from] TestingError),
    #[error(transparent)]
    Migrations(#[from] MigrationsError),
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("cannot run `{statement}`")]
    Sql {
        statement: String,
        source: sqlx::Error,
    },
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error("{found} objects differ, and {expected} were changed")]
    Differences { found: usize, expected: usize },
    #[error("`{binary}` carries code of scratch servers: `{name}` is in it", binary = binary.display())]
    Carries { binary: PathBuf, name: &'static str },
    #[error("{} databases are left behind: `{}`", .names.len(), .names.join("`, `"))]
    LeftBehind { names: Vec<String> },
    #[error("the studio does not run: {said}")]
    Studio { said: String },
    #[error("there was no answer to `{path}`")]
    Http { path: String, source: io::Error },
    #[error("`{path}` was answered with {status}: {said}")]
    Answer {
        path: String,
        status: u16,
        said: String,
    },
    #[error("{failed} of {requests} requests went wrong")]
    Requests { failed: usize, requests: usize },
    #[error(
        "the studio's memory is not flat: {first} KiB in the first third, {last} KiB in the last"
    )]
    Grows { first: u64, last: u64 },
}

impl BenchError {
    pub(super) fn help(&self) -> Option<String> {
        let text = match self {
            Self::Missing { .. } => {
                "install Node.js with npm (Debian: `apt-get install npm`): drizzle-kit is a program of theirs"
            }
            Self::File { .. } => "is there room on the disk, and is the folder yours?",
            Self::Testing(error) => return error.help(),
            Self::Migrations(error) => return error.help(),
            Self::Connect(error) => return error.help(),
            Self::Scratch(error) => return error.help(),
            Self::Catalog(error) => return error.help(),
            _ => return None,
        };
        Some(text.to_owned())
    }

    pub(super) fn file(
        what: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { what, path, source }
    }
}
