//! A change in two migrations: the first one adds what new code needs and leaves what running code needs, the second
//! one takes that away. The schema in between is made on a scratch database, and read as every other is.

mod renamed;
mod written;

use std::sync::Arc;

use seachange_schema::plan::{InStep, Mode, Refusal, expanded, plan_in};
use seachange_schema::{Changes, Fill, ObjectId, Schema, diff};

use self::renamed::Renamed;
use crate::catalog::{self, CatalogError};
use crate::connection::SqlError;
use crate::draft::{self, Answers, Draft, DraftError};
use crate::error::{Help, database_help};
use crate::proof::{self, Leg, ProofError};
use crate::scratch::ScratchError;
use crate::source::{Road, Source};

/// Both migrations, each planned both ways and proven.
#[derive(Debug)]
pub struct Split {
    /// None where running code would notice all of it.
    pub expand: Option<Draft>,
    /// None where it would notice nothing.
    pub contract: Option<Draft>,
}

/// Why a change can't be made in an expanding and a contracting migration.
#[derive(Debug, thiserror::Error)]
pub enum ExpandError {
    /// Parts of it have no form in two steps.
    #[error("this can't be done in two steps: {}", .0.iter().map(|one| format!("{}: {}", one.object, one.reason)).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Refusal>),
    /// What code does between the two steps was tried, and failed.
    #[error("`{statement}` fails on the scratch database")]
    Between {
        /// What was tried.
        statement: String,
        /// What PostgreSQL or the connection said.
        #[source]
        source: sqlx::Error,
    },
    /// Rows written between the two steps differ in the old and the new column.
    #[error("`{table}` is not kept in step: {how}")]
    NotInStep {
        /// The table's name.
        table: String,
        /// What was written, and what was there then.
        how: String,
    },
    /// The change could not be planned.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The plan did not hold on a scratch database.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// There was no scratch database.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// The catalog could not be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A step failed on the scratch database.
    #[error("can't run the two steps on a scratch database")]
    Sql(#[from] SqlError),
    /// The connection failed.
    #[error("the scratch database does not answer")]
    Connection(#[from] sqlx::Error),
}

impl Help for ExpandError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Refused(_) => Some(
                "leave `--expand-contract` out, and deploy the code together with the migration; or write the two migrations \
                 by hand: `generate --empty NAME`"
                    .to_owned(),
            ),
            Self::Between { .. } | Self::NotInStep { .. } => Some(
                "nothing was written; leave `--expand-contract` out, or write the two migrations by hand".to_owned(),
            ),
            Self::Draft(error) => error.help(),
            Self::Proof(error) => error.help(),
            Self::Scratch(error) => error.help(),
            Self::Catalog(error) => error.help(),
            Self::Sql(error) => error.help(),
            Self::Connection(error) => Some(database_help(error)),
        }
    }
}

/// Splits a draft whose questions are answered.
///
/// # Errors
/// Refuses what can't be done in two steps, and what does not go the circle, each step of its own.
pub async fn split(
    road: &Road,
    from: &Source,
    draft: &Draft,
    answers: &Answers,
) -> Result<Split, ExpandError> {
    let copy = draft::copy(road, from, &draft.previous).await?;
    road.provide_roles(&draft.next)
        .await
        .map_err(DraftError::from)?;
    let mut connection = copy.connect().await?;
    let planned = planned(&mut connection, road, from, draft, answers).await;
    drop(connection);
    copy.drop().await?;
    let (mut split, in_step) = planned?;
    prove(road, from, &mut split, &in_step).await?;
    Ok(split)
}

async fn planned(
    connection: &mut sqlx::PgConnection,
    road: &Road,
    from: &Source,
    draft: &Draft,
    answers: &Answers,
) -> Result<(Split, Vec<InStep>), ExpandError> {
    let (_, renames) = draft::renamed(road, from, &draft.previous, &draft.next, answers).await?;
    let renamed = Renamed::among(&renames, &draft.previous, &draft.next)?;
    let renames_first = renamed.carry_out(connection).await?;
    let start = catalog::read(connection).await?;

    let in_step = renamed.in_step(&draft.next);
    let mut changes = diff(start.clone(), Schema::clone(&draft.next), Vec::new());
    changes.mappings.clone_from(&draft.changes.mappings);
    changes.fills = fills(&in_step, Way::Up);
    let plan = expanded(&changes);
    if !plan.refusals.is_empty() {
        return Err(ExpandError::Refused(plan.refusals));
    }
    proof::run(connection, &plan, Leg::Up).await?;
    renamed.finish(connection, &in_step).await?;
    let between = Arc::new(catalog::read(connection).await?);

    let mut expand = diff(start, Schema::clone(&between), renames_first);
    expand.fills = fills(&in_step, Way::Up);
    let mut contract = diff(
        Schema::clone(&between),
        Schema::clone(&draft.next),
        Vec::new(),
    );
    contract.mappings.clone_from(&draft.changes.mappings);
    contract.fills = fills(&in_step, Way::Back);
    let draft_of = |previous: &Arc<Schema>, next: &Arc<Schema>, changes: Changes| {
        (!changes.is_empty()).then(|| Draft {
            previous: Arc::clone(previous),
            next: Arc::clone(next),
            up: plan_in(&changes, Mode::Online),
            down: plan_in(&changes.clone().reverse(), Mode::Online),
            changes,
            questions: Vec::new(),
        })
    };
    let split = Split {
        expand: draft_of(&draft.previous, &between, expand),
        contract: draft_of(&between, &draft.next, contract),
    };
    Ok((split, in_step))
}

#[derive(Clone, Copy)]
enum Way {
    Up,
    Back,
}

/// Which column is filled from which, where the one comes, or the other comes back.
fn fills(in_step: &[InStep], way: Way) -> std::collections::BTreeMap<ObjectId, Fill> {
    (in_step.iter())
        .map(|pair| {
            let (filled, with) = match way {
                Way::Up => (&pair.new, &pair.old),
                Way::Back => (&pair.old, &pair.new),
            };
            let id = ObjectId::Column {
                table: pair.table.clone(),
                name: filled.clone(),
            };
            let fill = Fill {
                expression: with.to_string(),
                kept_by: Some(pair.trigger.clone()),
            };
            (id, fill)
        })
        .collect()
}

/// Both circles, one behind the other, and rows written in both shapes between them.
async fn prove(
    road: &Road,
    from: &Source,
    split: &mut Split,
    in_step: &[InStep],
) -> Result<(), ExpandError> {
    let refused: Vec<Refusal> = [&split.expand, &split.contract]
        .into_iter()
        .flatten()
        .flat_map(|draft| draft.up.refusals.iter().chain(&draft.down.refusals))
        .cloned()
        .collect();
    if !refused.is_empty() {
        return Err(ExpandError::Refused(refused));
    }
    let Some(first) = split.expand.as_ref().or(split.contract.as_ref()) else {
        return Ok(());
    };
    let mut at = Arc::clone(&first.previous);
    let copy = draft::copy(road, from, &at).await?;
    let mut connection = copy.connect().await?;
    let proven = async {
        if let Some(draft) = &mut split.expand {
            let arrived =
                proof::circle(&mut connection, &at, &draft.next, &draft.up, &draft.down).await?;
            at = Arc::new(arrived);
            draft.next = Arc::clone(&at);
            written::both_shapes(&mut connection, in_step).await?;
        }
        if let Some(draft) = &mut split.contract {
            draft.previous = Arc::clone(&at);
            let arrived =
                proof::circle(&mut connection, &at, &draft.next, &draft.up, &draft.down).await?;
            draft.next = Arc::new(arrived);
        }
        Ok::<_, ExpandError>(())
    };
    let proven = proven.await;
    drop(connection);
    copy.drop().await?;
    proven
}
