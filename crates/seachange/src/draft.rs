//! From two sources to a plan and its way back: renames are carried out on a scratch copy of the
//! previous schema, so that PostgreSQL itself says what every text looks like under the new names.

use std::collections::BTreeSet;
use std::sync::Arc;

use seachange_schema::change::Changes;
use seachange_schema::rename::{Candidate, HintError, candidates, resolve};
use seachange_schema::{Hint, ObjectId, Plan, Rename, Schema, diff, plan, script};

use crate::catalog::{self, CatalogError};
use crate::connection::{SqlError, SqlText, run_sql};
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
    /// `renamed_from` of entities: those whose rename has happened already are passed over.
    pub attributes: Vec<Renamed>,
    /// What really goes away, by its plain name: `users.name`. It is no rename.
    pub dropped: BTreeSet<String>,
}

/// A change, planned both ways, with what is still to be asked.
#[derive(Debug)]
pub struct Draft {
    pub previous: Arc<Schema>,
    pub next: Arc<Schema>,
    pub changes: Changes,
    pub up: Plan,
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

#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Hint(#[from] HintError),
    #[error(
        "`renamed_from = \"{from}\"` on `{to}` matches nothing: neither is there before the change"
    )]
    Attribute { from: String, to: String },
    #[error("rename `{rename}` fails")]
    Rename {
        rename: String,
        #[source]
        source: SqlError,
    },
    #[error("the schema of {what} can't be built anew: {}", difference.join("; "))]
    Copy {
        what: String,
        difference: Vec<String>,
    },
    #[error(transparent)]
    Proof(#[from] ProofError),
    #[error(transparent)]
    Scratch(#[from] ScratchError),
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
pub async fn draft(
    road: &Road,
    from: &Source,
    to: &Source,
    answers: &Answers,
) -> Result<Draft, DraftError> {
    let (previous, next) = road.pair(from, to).await?;
    let (current, renames) = renamed(road, from, &previous, &next, answers).await?;
    let changes = diff(current, Schema::clone(&next), renames);
    let questions = unanswered(candidates(&changes), answers);
    let mut up = plan(&changes);
    let reversed = changes.clone().reverse();
    let mut down = plan(&reversed);
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
    let mut state = Renaming {
        current: previous.clone(),
        next,
        renames: Vec::new(),
    };
    if previous != next || !answers.hints.is_empty() {
        state.carry_out(road, from, answers).await?;
    }
    Ok((state.current, state.renames))
}

/// Those of the candidates that nobody said anything about.
pub(crate) fn unanswered(candidates: Vec<Candidate>, answers: &Answers) -> Vec<Candidate> {
    candidates
        .into_iter()
        .filter(|candidate| {
            let name = candidate.gone.split_once(' ').map_or("", |(_, name)| name);
            !answers.dropped.contains(name)
        })
        .collect()
}

struct Renaming<'a> {
    current: Schema,
    next: &'a Schema,
    renames: Vec<Rename>,
}

impl Renaming<'_> {
    /// Resolves and carries out what was answered, round after round: a column's rename may only be
    /// understood once its table's has been carried out.
    async fn carry_out(
        &mut self,
        road: &Road,
        from: &Source,
        answers: &Answers,
    ) -> Result<(), DraftError> {
        let mut waiting = answers.hints.clone();
        let mut scratch: Option<ScratchDatabase> = None;
        let outcome = loop {
            let mut found: Vec<Rename> = Vec::new();
            let mut failed = None;
            waiting.retain(|hint| match self.resolve(hint) {
                Ok(rename) => {
                    found.push(rename);
                    false
                }
                Err(error) => {
                    failed.get_or_insert(error);
                    true
                }
            });
            match self.attributes(&answers.attributes) {
                Ok(renames) => {
                    found.extend(renames);
                    found.dedup();
                }
                Err(error) => break Err(error),
            }
            if found.is_empty() {
                break failed.map_or(Ok(()), |error| Err(error.into()));
            }
            if scratch.is_none() {
                let start = self.current.clone();
                scratch = Some(copy(road, from, &start).await?);
            }
            let Some(database) = &scratch else {
                break Ok(());
            };
            if let Err(error) = self.rename_in(database, &found).await {
                break Err(error);
            }
        };
        if let Some(database) = scratch {
            database.drop().await?;
        }
        outcome
    }

    /// A hint may name a table by its old name after that has been renamed.
    fn resolve(&self, hint: &Hint) -> Result<Rename, HintError> {
        let first = resolve(&self.current, self.next, hint);
        if first.is_ok() {
            return first;
        }
        for rename in &self.renames {
            let Rename::Object { from, to } = rename else {
                continue;
            };
            let (old, new) = (from.plain(), to.plain());
            let mut words = hint.from.clone();
            let Some(part) = words.pop() else { continue };
            if words.join(".") == old {
                let mut moved = hint.clone();
                moved.from = new.split('.').map(str::to_owned).collect();
                moved.from.push(part);
                if let Ok(found) = resolve(&self.current, self.next, &moved) {
                    return Ok(found);
                }
            }
        }
        first
    }

    fn attributes(&self, attributes: &[Renamed]) -> Result<Vec<Rename>, DraftError> {
        let mut found = Vec::new();
        for attribute in attributes {
            let (from, to) = ids(attribute);
            if !self.next.contains(&to) {
                continue;
            }
            let (had, has) = (self.current.contains(&from), self.current.contains(&to));
            let table_is_new = to.relation().is_some_and(|table| {
                !self.current.contains(&ObjectId::Table {
                    name: table.clone(),
                })
            });
            match (had, has) {
                (true, false) if !self.next.contains(&from) => {
                    found.push(Rename::Object { from, to })
                }
                // Done before, or a table that is made with the new name right away.
                (_, true) => {}
                _ if table_is_new => {}
                _ => {
                    return Err(DraftError::Attribute {
                        from: from.plain(),
                        to: to.plain(),
                    });
                }
            }
        }
        Ok(found)
    }

    async fn rename_in(
        &mut self,
        database: &ScratchDatabase,
        renames: &[Rename],
    ) -> Result<(), DraftError> {
        let mut connection = database.connect().await?;
        for rename in renames {
            let text = rename.sql();
            let sql = SqlText {
                path: "rename",
                text: &text,
            };
            run_sql(&mut connection, sql)
                .await
                .map_err(|source| DraftError::Rename {
                    rename: rename.flag(),
                    source,
                })?;
        }
        self.current = catalog::read(&mut connection).await?;
        self.renames.extend(renames.iter().cloned());
        Ok(())
    }
}

/// The two identities that a `renamed_from` speaks of.
fn ids(renamed: &Renamed) -> (ObjectId, ObjectId) {
    match renamed {
        Renamed::Table { table, from } => (
            ObjectId::Table {
                name: table.sibling(from),
            },
            ObjectId::Table {
                name: table.clone(),
            },
        ),
        Renamed::Column {
            table,
            column,
            from,
        } => (
            ObjectId::Column {
                table: table.clone(),
                name: from.clone(),
            },
            ObjectId::Column {
                table: table.clone(),
                name: column.clone(),
            },
        ),
    }
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
