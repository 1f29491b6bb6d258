//! Why a migration could not be read or written.

use std::io;
use std::path::PathBuf;

use crate::error::Help;
use crate::migrations::{MAX_NAME, Problem};

/// A failure of the migration folder. What is merely wrong inside a folder that could be read is a
/// [`Problem`], and there may be several at once.
#[derive(Debug, thiserror::Error)]
pub enum MigrationsError {
    #[error("`{}` is not a migration package: `{missing}` is missing", root.display())]
    NotAPackage {
        root: PathBuf,
        missing: &'static str,
    },

    #[error("could not read `{}`", path.display())]
    Read { path: PathBuf, source: io::Error },

    #[error("could not write `{}`", path.display())]
    Write { path: PathBuf, source: io::Error },

    #[error("`{}` is there already and is not overwritten", path.display())]
    Exists { path: PathBuf },

    #[error("`{}` changed while the migration was being written", path.display())]
    ChangedMeanwhile { path: PathBuf },

    #[error("`{name}` is no name for a migration: {why}")]
    Name {
        name: String,
        why: &'static str,
        suggestion: Option<String>,
    },

    #[error("the migration folder is not in order: {}", listed(problems))]
    Problems { problems: Vec<Problem> },

    #[error("`{}` does not have the shape that a migration can be added to: {why}", path.display())]
    Shape {
        path: PathBuf,
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
