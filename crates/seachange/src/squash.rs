//! Old migrations folded into one, made from the schema that they make, and proven to make it.

use seachange_schema::Schema;

use crate::draft::{self, Answers};
use crate::error::Help;
use crate::generate::{self, GenerateError};
use crate::migrations::{Folder, Kind, MigrationsError, Squashed, Unseen};
use crate::proof;
use crate::source::{Road, Source, SourceError};

/// Why they were not folded.
#[derive(Debug, thiserror::Error)]
pub enum SquashError {
    /// The one migration could not be written.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// A schema could not be had.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The migration folder could not be read or written.
    #[error(transparent)]
    Migrations(#[from] MigrationsError),
    /// The proof failed. A line for each object that differs.
    #[error("with the old ones folded, the migrations make another schema: {}", .0.join("; "))]
    Differs(Vec<String>),
}

impl Help for SquashError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Generate(error) => error.help(),
            Self::Source(error) => error.help(),
            Self::Migrations(error) => error.help(),
            Self::Differs(_) => {
                Some("nothing was changed; fold up to another one with `--to`".to_owned())
            }
        }
    }
}

/// The folder with its first `count` migrations folded into one, proven: the one makes what they made
/// and leads back to nothing, and what follows makes with it what it made with them.
pub async fn squash(
    road: &Road,
    folder: &Folder,
    count: usize,
    name: &str,
    left_out: &[Unseen],
) -> Result<(Squashed, Schema), SquashError> {
    let version = &folder.migrations[count - 1].version;
    let upto = Source::Migrations {
        upto: Some(version.clone()),
    };
    let draft = draft::draft(road, &Source::Empty, &upto, &Answers::default()).await;
    let mut draft = draft.map_err(GenerateError::from)?;
    let script = generate::script(road, &Source::Empty, &mut draft, Some(name)).await?;
    let squashed = folder.squashed(count, name, (&script.up, &script.down), left_out)?;
    let all = road.schema(&Source::Migrations { upto: None }).await?;
    let rest = &squashed.folder.migrations[1..];
    if rest.iter().any(|one| one.kind == Kind::Rust) {
        // The program runs those as `lib.rs` lists them now, so only the fold itself is proven.
        return Ok((squashed, Schema::clone(&all)));
    }
    let next = road.schema_of(squashed.folder.migrations.clone()).await?;
    let difference = proof::difference(&next, &all);
    match difference.is_empty() {
        true => Ok((squashed, Schema::clone(&next))),
        false => Err(SquashError::Differs(difference)),
    }
}
