//! Why there is no test database.

use std::path::PathBuf;
use std::process::ExitStatus;

use crate::connection::shown;
use crate::error::Help;
use crate::scratch::ScratchError;
use crate::source::SourceError;
use crate::workspace::BuildError;

#[derive(Debug, thiserror::Error)]
pub enum TestingError {
    #[error("no folder with `{looked_for}` in it at or above `{}`", shown(.from))]
    NoWorkspace { looked_for: String, from: PathBuf },
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error("the package `{package}` has no `{}`", shown(.manifest))]
    NoPackage { package: String, manifest: PathBuf },
    #[error("cannot read `{}`", shown(.path))]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("cannot read `{}`", shown(.path))]
    Manifest {
        path: PathBuf,
        #[source]
        source: Box<toml::de::Error>,
    },
    #[error("cannot run `{}`", shown(.program))]
    Run {
        program: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the package `{package}` could not fill a template, and ended with {status}:\n{said}")]
    Seed {
        package: String,
        status: ExitStatus,
        said: String,
    },
}

impl TestingError {
    /// The whole of it as text: what, why, and what to do.
    pub(super) fn told(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(next) = cause {
            let next_text = next.to_string();
            // Some errors repeat their cause in their own words.
            if !text.ends_with(&next_text) {
                text.push_str(&format!("\n  caused by: {next_text}"));
            }
            cause = next.source();
        }
        if let Some(help) = self.help() {
            text.push_str(&format!("\nhelp: {help}"));
        }
        text
    }
}

impl Help for TestingError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoWorkspace { .. } => {
                "where the workspace is laid out otherwise, say so with `testing::Workspace::at`, \
                 `with_migration` and `with_seed`"
                    .to_owned()
            }
            Self::Source(error) => return error.help(),
            Self::Scratch(error) => return error.help(),
            Self::Build(error) => return error.help(),
            Self::NoPackage { .. } => {
                "name the package that fills a database, a folder below the workspace's root, with \
                 `testing::Workspace::with_seed`"
                    .to_owned()
            }
            Self::Read { .. } => "check that this user may read it".to_owned(),
            Self::Manifest { .. } => "mend what is said of it above".to_owned(),
            Self::Run { .. } => "build it again".to_owned(),
            Self::Seed { package, .. } => format!(
                "it has to fill a database that all migrations were applied to: run `{package}` on \
                 one with `DATABASE_URL` in its environment"
            ),
        })
    }
}
