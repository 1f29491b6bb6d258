//! Writes the next migration from a draft: proven first, up and down, with the schema that results beside it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use seachange_schema::plan::{Phase, Refusal, Transaction};
use seachange_schema::{Plan, Schema, script};

use crate::draft::{self, Answers, Draft, DraftError};
use crate::error::Help;
use crate::expand::{self, ExpandError, Split};
use crate::migrations::{
    self, Body, CONTRACT, MigrationsError, NO_TRANSACTION, NewMigration, Written,
};
use crate::source::{Road, Source, SourceError};

/// A migration as it will stand on disk.
#[derive(Clone, Debug)]
pub struct Script {
    /// `add_phone_number`.
    pub name: String,
    /// What it does, for the `.rs`.
    pub about: String,
    /// `up.sql`.
    pub up: String,
    /// `down.sql`.
    pub down: String,
    /// What the migrations make with this one, as it came out on the scratch database.
    pub next: Arc<Schema>,
    /// `schema.sql` as it is after this one.
    pub schema_sql: String,
    /// What `up` does, step by step.
    pub plan: Plan,
}

/// Why there is no new migration.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// There are differences that can't be planned.
    #[error("this change can't be planned: {}", reasons(.0))]
    Refused(Vec<Refusal>),
    /// There are ways on, and none back.
    #[error("this change is written, but its way back can't be planned: {}", reasons(.0))]
    NoWayBack(Vec<Refusal>),
    /// The change could not be planned.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The change could not be parted in two.
    #[error(transparent)]
    Expand(#[from] ExpandError),
    /// The migration folder could not be read or written.
    #[error(transparent)]
    Migrations(#[from] MigrationsError),
    /// A schema could not be had.
    #[error(transparent)]
    Source(#[from] SourceError),
}

fn reasons(refusals: &[Refusal]) -> String {
    let all: Vec<String> = refusals
        .iter()
        .map(|refusal| format!("{}: {}", refusal.object, refusal.reason))
        .collect();
    all.join("; ")
}

impl Help for GenerateError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Refused(_) | Self::NoWayBack(_) => Some(
                "nothing was written; write this migration by hand: `generate --empty NAME`"
                    .to_owned(),
            ),
            Self::Draft(error) => error.help(),
            Self::Expand(error) => error.help(),
            Self::Migrations(error) => error.help(),
            Self::Source(error) => error.help(),
        }
    }
}

/// The migration that a draft comes to, proven both ways. What one transaction can't hold is run outside one, in
/// phases.
pub async fn script(
    road: &Road,
    from: &Source,
    draft: &mut Draft,
    name: Option<&str>,
) -> Result<Script, GenerateError> {
    plannable(draft)?;
    draft::prove(road, from, draft).await?;
    written_out(suggested(name, draft), draft, Stage::Whole)
}

/// The same in two migrations: the second one takes away what running code may need, and is held back until it is asked for.
/// One alone where there is nothing for the other to do.
pub async fn split_scripts(
    road: &Road,
    from: &Source,
    draft: &Draft,
    answers: &Answers,
    name: Option<&str>,
) -> Result<Vec<Script>, GenerateError> {
    plannable(draft)?;
    let Split { expand, contract } = expand::split(road, from, draft, answers).await?;
    let name = suggested(name, draft);
    match (&expand, &contract) {
        (Some(whole), None) => Ok(vec![written_out(name, whole, Stage::Whole)?]),
        (expand, contract) => {
            let expand = expand
                .iter()
                .map(|draft| written_out(format!("{name}_expand"), draft, Stage::Whole));
            let contract = contract
                .iter()
                .map(|draft| written_out(format!("{name}_contract"), draft, Stage::Contract));
            expand.chain(contract).collect()
        }
    }
}

fn suggested(name: Option<&str>, draft: &Draft) -> String {
    match name {
        Some(name) => name.to_owned(),
        None if is_first(draft) => "initial_schema".to_owned(),
        None => script::suggest_name(&draft.up),
    }
}

/// Writes a script into the migration folder, as the next migration.
pub fn write(road: &Road, script: &Script, at: DateTime<Utc>) -> Result<Written, GenerateError> {
    let folder = road.folder()?;
    let new = NewMigration {
        at,
        name: &script.name,
        about: &script.about,
        body: Body::Sql {
            up: script.up.clone(),
            down: script.down.clone(),
        },
        schema_sql: Some(script.schema_sql.clone()),
    };
    let written = migrations::write(&folder, &new)?;
    road.reread();
    Ok(written)
}

/// `migration/schema.sql` for a schema.
pub fn schema_sql(schema: &Schema) -> Result<String, GenerateError> {
    let text = script::schema_sql(schema).map_err(|plan| GenerateError::Refused(plan.refusals))?;
    Ok(format!(
        "-- The schema after the last migration, for review. Written by `generate`; it is never run.\n\n{text}"
    ))
}

fn is_first(draft: &Draft) -> bool {
    draft.previous.tables().next().is_none() && draft.next.tables().next().is_some()
}

fn plannable(draft: &Draft) -> Result<(), GenerateError> {
    if !draft.up.refusals.is_empty() {
        return Err(GenerateError::Refused(draft.up.refusals.clone()));
    }
    if !draft.down.refusals.is_empty() {
        return Err(GenerateError::NoWayBack(draft.down.refusals.clone()));
    }
    Ok(())
}

/// Whether a migration runs with the others, or when nothing needs the old shape any more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Whole,
    Contract,
}

fn written_out(name: String, draft: &Draft, stage: Stage) -> Result<Script, GenerateError> {
    let plans = [&draft.up, &draft.down];
    let apart = plans.iter().any(|plan| plan.phases.len() > 1)
        || (plans.iter().flat_map(|plan| &plan.phases))
            .any(|phase| phase.transaction == Transaction::None);
    let whole = |plan: &Plan, head: &str| match apart {
        true => in_phases(plan, head),
        false => in_one(plan, head),
    };
    let title = name.replace('_', " ");
    let held = match stage {
        Stage::Whole => String::new(),
        Stage::Contract => format!("\n{CONTRACT}"),
    };
    Ok(Script {
        up: whole(&draft.up, &format!("{title}{held}")),
        down: whole(&draft.down, &format!("undoes: {title}")),
        schema_sql: schema_sql(&draft.next)?,
        next: Arc::clone(&draft.next),
        about: sentence(&title),
        plan: draft.up.clone(),
        name,
    })
}

fn in_one(plan: &Plan, head: &str) -> String {
    let steps = Phase {
        steps: plan.steps().cloned().collect(),
        ..Phase::default()
    };
    format!(
        "-- {head}\n--\n{}\n{}",
        script::outline(&steps),
        script::script(&steps)
    )
}

/// Outside a transaction, but for what stands between BEGIN and COMMIT.
fn in_phases(plan: &Plan, head: &str) -> String {
    let mut text = format!("-- {head}\n{NO_TRANSACTION}\n--\n");
    for (at, phase) in plan.phases.iter().enumerate() {
        if at > 0 {
            text.push_str("--\n");
        }
        text.push_str(&script::outline(phase));
    }
    for phase in &plan.phases {
        let statements = script::script(phase);
        text.push('\n');
        match phase.transaction {
            Transaction::One => text.push_str(&format!("BEGIN;\n\n{statements}\nCOMMIT;\n")),
            Transaction::None => text.push_str(&statements),
        }
    }
    text
}

fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(characters).chain(['.']).collect()
}
