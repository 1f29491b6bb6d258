//! From two sources to a plan and its way back: renames are carried out on a scratch copy of the
//! previous schema, so that PostgreSQL itself says what every text looks like under the new names.

mod renaming;

use std::collections::BTreeSet;
use std::sync::Arc;

use seachange_schema::change::Changes;
use seachange_schema::plan::{Mode, plan_in};
use seachange_schema::rename::{Candidate, HintError, MappingError, candidates};
use seachange_schema::{Hint, Mapping, Plan, Rename, Schema, diff, script};

use self::renaming::Renaming;

use crate::catalog::{self, CatalogError};
use crate::connection::SqlError;
use crate::entities::Renamed;
use crate::error::Help;
use crate::extensions;
use crate::proof::{self, ProofError};
use crate::scratch::{ScratchDatabase, ScratchError};
use crate::source::{Road, Source, SourceError};

/// What people have said about a change.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// `--rename`: each has to match something.
    pub hints: Vec<Hint>,
    /// `--map`: what rows that hold a removed label hold instead; each has to match something.
    pub mappings: Vec<Mapping>,
    /// `renamed_from` of entities: those whose rename has happened already are passed over.
    pub attributes: Vec<Renamed>,
    /// What really goes away, by its plain name: `users.name`. It is no rename.
    pub dropped: BTreeSet<String>,
    /// Whether tables are in use while the plan runs.
    pub mode: Mode,
}

/// A change, planned both ways, with what is still to be asked.
#[derive(Debug)]
pub struct Draft {
    /// The schema before.
    pub previous: Arc<Schema>,
    /// The schema after.
    pub next: Arc<Schema>,
    /// What differs, renames decided.
    pub changes: Changes,
    /// What leads on.
    pub up: Plan,
    /// What leads back.
    pub down: Plan,
    /// What could be a rename and was not spoken of. Nothing may be written or run while there is any.
    pub questions: Vec<Candidate>,
}

impl Draft {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Why a change could not be drafted.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// A schema could not be had.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A `--rename` fits nothing, or several things.
    #[error(transparent)]
    Hint(#[from] HintError),
    /// A `--map` fits nothing.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// An entity says that something was renamed which is not there.
    #[error(
        "`renamed_from = \"{from}\"` on `{to}` matches nothing: neither is there before the change"
    )]
    Attribute {
        /// The name that it had, by the attribute.
        from: String,
        /// What has the attribute.
        to: String,
    },
    /// PostgreSQL refused a rename that was decided.
    #[error("rename `{rename}` fails")]
    Rename {
        /// Old and new name.
        rename: String,
        /// The statement and what PostgreSQL said.
        #[source]
        source: SqlError,
    },
    /// A scratch copy of the schema came out otherwise.
    #[error("the schema of {what} can't be built anew: {}", difference.join("; "))]
    Copy {
        /// Which schema, in words.
        what: String,
        /// A line for each object that differs.
        difference: Vec<String>,
    },
    /// The plan did not hold on a scratch database.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// There was no scratch database.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// The catalog could not be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl Help for DraftError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Source(error) => error.help(),
            Self::Hint(_) => Some(
                "a rename is written `table:new`, `table.column:new` or `enum.label:new`, with the names as they were before"
                    .to_owned(),
            ),
            Self::Mapping(_) => Some(
                "a mapping is written `enum.removed:kept`, with labels as they stand in the database"
                    .to_owned(),
            ),
            Self::Attribute { .. } => Some(
                "correct the name, or remove the attribute once the rename has been migrated everywhere"
                    .to_owned(),
            ),
            Self::Rename { source, .. } => source.help(),
            Self::Copy { .. } => Some("report the difference above".to_owned()),
            Self::Proof(error) => error.help(),
            Self::Scratch(error) => error.help(),
            Self::Catalog(error) => error.help(),
        }
    }
}

/// Plans the way from one source to another.
#[tracing::instrument(name = "draft", skip_all)]
pub async fn draft(
    road: &Road,
    from: &Source,
    to: &Source,
    answers: &Answers,
) -> Result<Draft, DraftError> {
    let (previous, next) = road.pair(from, to).await?;
    let (current, renames) = renamed(road, from, &previous, &next, answers).await?;
    let mappings = mapped(&answers.mappings, &renames, &current, &next)?;
    let mut changes = diff(current, Schema::clone(&next), renames);
    changes.mappings = mappings;
    let questions = unanswered(candidates(&changes), answers);
    let mut up = plan_in(&changes, answers.mode);
    let reversed = changes.clone().reverse();
    let mut down = plan_in(&reversed, answers.mode);
    if !extensions::updates(&changes).is_empty() {
        let database = road.database(&Source::Empty).await?;
        let mut connection = database.connect().await?;
        let known = async {
            extensions::refuse_pathless(&mut connection, &changes, &mut up).await?;
            extensions::refuse_pathless(&mut connection, &reversed, &mut down).await
        };
        let known = known.await;
        drop(connection);
        database.drop().await?;
        known.map_err(ProofError::Connection)?;
    }
    Ok(Draft {
        previous,
        next,
        changes,
        up,
        down,
        questions,
    })
}

/// Runs the circle for a draft, on a scratch copy of where it starts. Its `next` is what really came out
/// of it from then on: a column that was added stands behind the others, wherever it was declared.
#[tracing::instrument(name = "proof", skip_all)]
pub async fn prove(road: &Road, from: &Source, draft: &mut Draft) -> Result<(), DraftError> {
    let copy = copy(road, from, &draft.previous).await?;
    road.provide_roles(&draft.next).await?;
    let mut connection = copy.connect().await?;
    let proven = proof::circle(
        &mut connection,
        &draft.previous,
        &draft.next,
        &draft.up,
        &draft.down,
    )
    .await;
    drop(connection);
    copy.drop().await?;
    draft.next = Arc::new(proven?);
    Ok(())
}

/// The previous schema as it is once all renames that were answered have been carried out, and those.
pub(crate) async fn renamed(
    road: &Road,
    from: &Source,
    previous: &Schema,
    next: &Schema,
    answers: &Answers,
) -> Result<(Schema, Vec<Rename>), DraftError> {
    let mut state = Renaming::new(previous.clone(), next);
    if previous != next || !answers.hints.is_empty() {
        state.carry_out(road, from, answers).await?;
    }
    Ok(state.done())
}

/// What was said about rows that hold removed labels, under the names that the renames lead to.
pub(crate) fn mapped(
    mappings: &[Mapping],
    renames: &[Rename],
    current: &Schema,
    next: &Schema,
) -> Result<Vec<Mapping>, MappingError> {
    mappings
        .iter()
        .map(|mapping| mapping.resolve(renames, current, next))
        .collect()
}

/// Those of the candidates that nobody said anything about.
pub(crate) fn unanswered(candidates: Vec<Candidate>, answers: &Answers) -> Vec<Candidate> {
    candidates
        .into_iter()
        .filter(|candidate| {
            let name = candidate.gone.split_once(' ').map_or("", |(_, name)| name);
            let mapped = |mapping: &Mapping| {
                candidate.gone == format!("label {}.{}", mapping.of.plain(), mapping.from)
            };
            !answers.dropped.contains(name) && !answers.mappings.iter().any(mapped)
        })
        .collect()
}

/// A scratch database with the schema of a source: cloned where the source can be built, rebuilt from
/// what was read where it is somebody's live database.
pub(crate) async fn copy(
    road: &Road,
    source: &Source,
    schema: &Schema,
) -> Result<ScratchDatabase, DraftError> {
    if !matches!(source, Source::Database | Source::Url(_)) {
        return Ok(road.database(source).await?);
    }
    road.provide_roles(schema).await?;
    let database = road.database(&Source::Empty).await?;
    let mut connection = database.connect().await?;
    proof::run(
        &mut connection,
        &script::from_nothing(schema),
        proof::Leg::Up,
    )
    .await?;
    let mut copied = catalog::read(&mut connection).await?;
    // Grants and the like are the live database's own; the copy is about the model.
    copied.unmodelled.clone_from(&schema.unmodelled);
    drop(connection);
    let difference = proof::difference(&copied, schema);
    if difference.is_empty() {
        return Ok(database);
    }
    database.drop().await?;
    Err(DraftError::Copy {
        what: source.to_string(),
        difference,
    })
}
