//! Why there is no test database.

use std::path::PathBuf;
use std::process::ExitStatus;

use crate::connection::shown;
use crate::error::Help;
use crate::scratch::ScratchError;
use crate::source::SourceError;
use crate::workspace::BuildError;

/// Why a test has no database.
#[derive(Debug, thiserror::Error)]
pub enum TestingError {
    /// The workspace's root was not found.
    #[error("no folder with `{looked_for}` in it at or above `{}`", shown(.from))]
    NoWorkspace {
        /// What a root has.
        looked_for: String,
        /// Where the search began.
        from: PathBuf,
    },
    /// A schema could not be had.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// There was no scratch database.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// The migration or seed package does not compile.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A package that is named is not in the workspace.
    #[error("the package `{package}` has no `{}`", shown(.manifest))]
    NoPackage {
        /// The package's name.
        package: String,
        /// Where it should be.
        manifest: PathBuf,
    },
    /// A file of the workspace can't be read.
    #[error("cannot read `{}`", shown(.path))]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A `Cargo.toml` makes no sense.
    #[error("cannot read `{}`", shown(.path))]
    Manifest {
        /// The file or folder.
        path: PathBuf,
        /// What does not parse.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// The migration or seed program did not start.
    #[error("cannot run `{}`", shown(.program))]
    Run {
        /// The program.
        program: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The seed program failed on the template.
    #[error("the package `{package}` could not fill a template, and ended with {status}:\n{said}")]
    Seed {
        /// The package's name.
        package: String,
        /// How it ended.
        status: ExitStatus,
        /// Its last words on stderr.
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
