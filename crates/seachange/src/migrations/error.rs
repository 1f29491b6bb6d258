//! Why a migration could not be read or written.

use std::io;
use std::path::PathBuf;

use crate::error::Help;
use crate::migrations::{MAX_NAME, Problem};

/// A failure of the migration folder. What is merely wrong inside a folder that could be read is a
/// [`Problem`], and there may be several at once.
#[derive(Debug, thiserror::Error)]
pub enum MigrationsError {
    /// The folder lacks what a migration package has.
    #[error("`{}` is not a migration package: `{missing}` is missing", root.display())]
    NotAPackage {
        /// The folder.
        root: PathBuf,
        /// What it lacks.
        missing: &'static str,
    },

    /// A file of the folder can't be read.
    #[error("could not read `{}`", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// A file of the folder can't be written.
    #[error("could not write `{}`", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// A migration of that name is there.
    #[error("`{}` is there already and is not overwritten", path.display())]
    Exists {
        /// The file or folder.
        path: PathBuf,
    },

    /// Somebody else wrote the file between reading and writing.
    #[error("`{}` changed while the migration was being written", path.display())]
    ChangedMeanwhile {
        /// The file or folder.
        path: PathBuf,
    },

    /// A module can't be called so.
    #[error("`{name}` is no name for a migration: {why}")]
    Name {
        /// As it was given.
        name: String,
        /// Why, as a fragment.
        why: &'static str,
        /// What could be used instead.
        suggestion: Option<String>,
    },

    /// The folder is not in order, and what was asked for needs that.
    #[error("the migration folder is not in order: {}", listed(problems))]
    Problems {
        /// All of them.
        problems: Vec<Problem>,
    },

    /// `lib.rs` is too far from what SeaORM writes for a line to be added.
    #[error("`{}` does not have the shape that a migration can be added to: {why}", path.display())]
    Shape {
        /// The file or folder.
        path: PathBuf,
        /// Why, as a fragment.
        why: String,
        /// The two lines to add by hand; empty when nothing was to be added.
        lines: Vec<String>,
    },
}

impl Help for MigrationsError {
    fn help(&self) -> Option<String> {
        match self {
            Self::NotAPackage { .. } => Some(
                "name the folder of the package that holds `src/lib.rs` with the `Migrator`"
                    .to_owned(),
            ),
            Self::Read { .. } | Self::Write { .. } => {
                Some("look at the path's permissions and free space, then run it again".to_owned())
            }
            Self::Exists { .. } => Some("remove it if it is a leftover, or choose another name".to_owned()),
            Self::ChangedMeanwhile { .. } => {
                Some("nothing was written; run it again on the folder as it is now".to_owned())
            }
            Self::Name { suggestion, .. } => Some(match suggestion {
                Some(name) => format!("`{name}` would do"),
                None => format!(
                    "use up to {MAX_NAME} lower-case letters, digits and underscores, such as `add_phone_number`"
                ),
            }),
            Self::Problems { problems } => problems.iter().find_map(Help::help),
            Self::Shape { lines, .. } if lines.is_empty() => Some(
                "it should hold an `impl MigratorTrait` whose `migrations` is one `vec![…]` of `Box::new(…::Migration)`"
                    .to_owned(),
            ),
            Self::Shape { lines, .. } => Some(format!(
                "nothing was written; bring it to SeaORM's usual shape, or create the migration with `--empty` elsewhere and add by hand: {}",
                lines.join("  and  ")
            )),
        }
    }
}

fn listed(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}
