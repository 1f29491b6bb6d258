//! Makes a database match the entities, without files: planned from what is there, applied in one
//! transaction, and proven in it before it is committed.
//!
//! What nobody declared is left alone. `seachange_declared` in the database remembers what a push
//! declared, so that what is declared no longer can be told from what never was.

mod declared;
mod error;
mod held;
mod reviewed;
mod undeclared;

use std::collections::BTreeSet;

use seachange_schema::plan::{Phase, Risk, Verb};
use seachange_schema::rename::{Candidate, candidates};
use seachange_schema::{Name, ObjectId, Plan, Schema, diff, plan, script};
use sqlx::PgConnection;

use crate::catalog;
use crate::connection::{SqlText, run_sql};
use crate::draft::{self, Answers};
use crate::proof;
use crate::runner::runner_lock;
use crate::source::{Road, Source};

pub use error::PushError;
pub use held::Held;
pub use reviewed::{Loss, Reviewed, apply_reviewed, read_plan, write_plan};

/// Ctrl-C closes the connection; the server then stops the statement and rolls back, instead of working
/// on for nobody. Servers on systems without POLLRDHUP refuse the setting, and go without.
pub(crate) const NOTICE_A_GONE_CLIENT: &str = "DO $$ BEGIN SET client_connection_check_interval = '500ms'; \
     EXCEPTION WHEN invalid_parameter_value OR feature_not_supported THEN NULL; END $$";

/// What a push would do.
#[derive(Debug)]
pub struct Push {
    /// What would be done.
    pub plan: Plan,
    /// What could be a rename and was not spoken of.
    pub questions: Vec<Candidate>,
    /// Rows that hold a label which the plan removes, where nobody said what they hold instead.
    pub held: Vec<Held>,
    /// What the database has and nobody declared, left as it is: tables, columns and so on, without
    /// the parts of what is listed itself.
    pub undeclared: Vec<ObjectId>,
    /// What can't be planned and is not as the entities want it.
    pub unmodelled: Vec<String>,
    /// Whether the database remembers already what is declared.
    pub recorded: bool,
    goal: Schema,
    declared: BTreeSet<ObjectId>,
    /// The database as it was read.
    live: Schema,
    declared_before: BTreeSet<ObjectId>,
}

impl Push {
    /// What has to be agreed to, as `--allow-data-loss` names it, with why.
    pub fn losses(&self) -> Vec<(String, String)> {
        let mut losses: Vec<(String, String)> = Vec::new();
        for hazard in self.plan.steps().flat_map(|step| &step.hazards) {
            if hazard.code.risk() == Risk::DataLoss
                && !losses.iter().any(|(subject, _)| *subject == hazard.subject)
            {
                losses.push((hazard.subject.clone(), hazard.message.clone()));
            }
        }
        losses
    }
}

/// Plans the way from a live database to the entities. `migrated` is what its applied migrations
/// declared, if it has any.
#[tracing::instrument(name = "prepare", skip_all)]
pub async fn prepare(
    road: &Road,
    connection: &mut PgConnection,
    migrated: Option<&Schema>,
    answers: &Answers,
) -> Result<Push, PushError> {
    let desired = road.schema(&Source::Entities).await?;
    let live = catalog::read(connection).await?;
    let pushed_before = declared::read(connection).await?;
    let declared: BTreeSet<ObjectId> = desired.objects.keys().cloned().collect();
    let mut declared_before = pushed_before.clone();
    declared_before.extend(
        migrated
            .into_iter()
            .flat_map(|schema| schema.objects.keys().cloned()),
    );

    let known = |id: &ObjectId| desired.contains(id) || declared_before.contains(id);
    let read = live;
    let live = own(&read, &desired, known);
    let (renamed, renames) =
        draft::renamed(road, &Source::Database, &live, &desired, answers).await?;
    for rename in &renames {
        declared::follow(&mut declared_before, rename);
    }
    let questions: Vec<Candidate> = draft::unanswered(
        candidates(&diff(renamed.clone(), Schema::clone(&desired), Vec::new())),
        answers,
    );
    let merged = undeclared::merged(&renamed, &desired, &declared_before);
    let unmodelled = desired
        .unmodelled
        .iter()
        .filter(|one| !live.unmodelled.contains(one))
        .map(|one| format!("{} {}", one.kind, one.name))
        .collect();
    let mappings = draft::mapped(&answers.mappings, &renames, &renamed, &desired)
        .map_err(draft::DraftError::from)?;
    let mut changes = diff(renamed, merged.goal.clone(), renames);
    changes.mappings = mappings;
    let held = held::count(connection, &changes).await?;
    let plan = plan(&changes);
    Ok(Push {
        // What stays anyway is no question.
        questions: questions
            .into_iter()
            .filter(|candidate| {
                plan.steps().any(|step| {
                    step.verb == Verb::Drop && step.object.to_string() == candidate.gone
                        || candidate.gone.starts_with("label ")
                })
            })
            .collect(),
        plan,
        held,
        undeclared: merged.listed,
        unmodelled,
        goal: merged.goal,
        recorded: pushed_before == declared,
        declared,
        live: read,
        declared_before: pushed_before,
    })
}

/// Without the partitions that nobody declared of tables that somebody did: they follow their table by
/// themselves, and stay.
fn own(live: &Schema, goal: &Schema, declared: impl Fn(&ObjectId) -> bool) -> Schema {
    let partitioned = |table: &Name| {
        goal.contains(&ObjectId::Table {
            name: table.clone(),
        })
    };
    live.without_partitions(partitioned, declared)
}

/// Carries a push out. Each phase is a transaction; nearly always there is one.
///
/// # Errors
/// Nothing of the phase that failed is left; [`PushError::Half`] says where an earlier one stays.
#[tracing::instrument(name = "push", skip_all)]
pub async fn apply(connection: &mut PgConnection, push: &Push) -> Result<(), PushError> {
    if !push.plan.refusals.is_empty() {
        return Err(PushError::Refused(push.plan.refusals.clone()));
    }
    let phases = &push.plan.phases;
    let summaries = |phase: &Phase| {
        phase
            .steps
            .iter()
            .map(|step| step.summary.clone())
            .collect()
    };
    let work = Work {
        phases: phases.iter().map(script::script).collect(),
        changes: phases.iter().map(summaries).collect(),
        goal: &push.goal,
        declared: &push.declared,
        reviewed: None,
    };
    carry_out(connection, work).await
}

/// What is carried out, wherever it comes from.
struct Work<'a> {
    /// The SQL of each.
    phases: Vec<String>,
    /// What each changes, in words.
    changes: Vec<Vec<String>>,
    goal: &'a Schema,
    declared: &'a BTreeSet<ObjectId>,
    reviewed: Option<&'a Reviewed>,
}

async fn carry_out(connection: &mut PgConnection, mut work: Work<'_>) -> Result<(), PushError> {
    sqlx::raw_sql(NOTICE_A_GONE_CLIENT)
        .execute(&mut *connection)
        .await?;
    if work.phases.is_empty() {
        // What is declared is written down all the same.
        work.phases.push(String::new());
    }
    let key = runner_lock(connection).await?;
    for at in 0..work.phases.len() {
        sqlx::raw_sql("BEGIN; SET LOCAL lock_timeout = '5s'")
            .execute(&mut *connection)
            .await?;
        match carry_out_phase(connection, &work, at, key).await {
            Ok(()) => sqlx::raw_sql("COMMIT")
                .execute(&mut *connection)
                .await
                .map(drop)?,
            Err(error) => {
                sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await?;
                if at == 0 {
                    return Err(error);
                }
                return Err(PushError::Half {
                    stays: work.changes.drain(..).take(at).flatten().collect(),
                    source: Box::new(error),
                });
            }
        }
    }
    Ok(())
}

async fn carry_out_phase(
    connection: &mut PgConnection,
    work: &Work<'_>,
    at: usize,
    key: i64,
) -> Result<(), PushError> {
    // Until the end of the transaction nobody else pushes or migrates.
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(key)
        .execute(&mut *connection)
        .await
        .map_err(|error| match is_lock_timeout(&error) {
            true => PushError::Locked,
            false => error.into(),
        })?;
    if let Some(reviewed) = work.reviewed
        && at == 0
    {
        reviewed.check_live(connection).await?;
    }
    let sql = SqlText {
        path: "push.sql",
        text: &work.phases[at],
    };
    run_sql(connection, sql).await?;
    if at + 1 < work.phases.len() {
        return Ok(());
    }
    let actual = catalog::read_within(connection).await?;
    let actual = own(&actual, work.goal, |id| work.goal.contains(id));
    let difference = proof::difference(&actual, work.goal);
    if !difference.is_empty() {
        return Err(PushError::Differs { difference });
    }
    declared::write(connection, work.declared).await
}

fn is_lock_timeout(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == "55P03")
}
