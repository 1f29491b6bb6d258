//! How two sources of a schema differ, for commands that show it and change nothing; and what a live
//! database should be by its own account.

mod database;
mod expected;
mod text;

use seachange::ignore::{Overlooked, Rules};
use seachange::source::{Road, Source};
use seachange_schema::rename::candidates;
use seachange_schema::{Plan, Schema, diff, plan, script};
use serde::Serialize;

pub(crate) use database::{OfDatabase, of_database};
pub(crate) use expected::expected;
pub(crate) use text::{idle, ignored, in_full};

use crate::failure::Failure;
use crate::terminal::plan as terminal_plan;

/// What lies between two schemas.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Drift {
    /// As sources are written: `migrations`.
    pub(crate) from: String,
    pub(crate) to: String,
    /// How many steps lead from one to the other, and what has none.
    pub(crate) differences: usize,
    /// What leads from one to the other.
    #[serde(flatten)]
    pub(crate) way: Way,
    /// What leads back, where one of them is a live database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) back: Option<Way>,
    /// What may have been renamed by hand: as a plan has it, its rows are lost.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) renames: Vec<String>,
    /// Differences that `seachange.toml` overlooks, one line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) ignored: Vec<String>,
    /// Its rules that overlook nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) idle_rules: Vec<String>,
}

/// From one schema to another.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Way {
    /// One line each: `+ column users.phone_number text (safe)`.
    pub(crate) steps: Vec<String>,
    pub(crate) sql: String,
    /// What differs and has no way in SQL.
    pub(crate) refusals: Vec<String>,
    /// The steps with what they risk, as comments.
    #[serde(skip)]
    outline: String,
}

/// Compares two sources that people write.
pub(crate) async fn drift(road: &Road, from: &Source, to: &Source) -> Result<Drift, Failure> {
    let (previous, next) = road.pair(from, to).await?;
    let mut drift = between(&previous, &next);
    drift.from = from.to_string();
    drift.to = to.to_string();
    Ok(drift)
}

/// Compares a source with the workspace's live database, but for what the rules overlook.
pub(crate) async fn live(road: &Road, from: &Source, rules: &Rules) -> Result<Drift, Failure> {
    let to = Source::Database;
    let (previous, next) = road.pair(from, &to).await?;
    let mut drift = of_live(&previous, &next, rules);
    drift.from = from.to_string();
    drift.to = to.to_string();
    Ok(drift)
}

/// The same for schemas that were read already.
pub(crate) fn of_live(expected: &Schema, live: &Schema, rules: &Rules) -> Drift {
    told(expected, rules.overlook(expected, live))
}

fn told(expected: &Schema, overlooked: Overlooked) -> Drift {
    let back = diff(overlooked.live.clone(), expected.clone(), Vec::new());
    Drift {
        back: Some(Way::of(&plan(&back))),
        ignored: overlooked.differences,
        idle_rules: overlooked.idle,
        ..between(expected, &overlooked.live)
    }
}

fn between(previous: &Schema, next: &Schema) -> Drift {
    let changes = diff(previous.clone(), next.clone(), Vec::new());
    let plan = plan(&changes);
    let planned = plan.steps().count() + plan.refusals.len();
    let renames = candidates(&changes).into_iter();
    Drift {
        from: String::new(),
        to: String::new(),
        differences: match changes.is_empty() {
            true => plan.refusals.len(),
            // What differs is never nothing, whatever becomes of it in the plan.
            false => planned.max(1),
        },
        way: Way::of(&plan),
        back: None,
        renames: renames
            .filter_map(|candidate| Some(candidate.renames.first()?.summary()))
            .collect(),
        ignored: Vec::new(),
        idle_rules: Vec::new(),
    }
}

impl Way {
    pub(crate) fn of(plan: &Plan) -> Self {
        let scripts: Vec<String> = plan.phases.iter().map(script::script).collect();
        Self {
            steps: plan.steps().map(script::line).collect(),
            sql: scripts.join("\n"),
            refusals: plan
                .refusals
                .iter()
                .map(|refusal| format!("{} {}", refusal.object, refusal.reason))
                .collect(),
            outline: plan.phases.iter().map(script::outline).collect(),
        }
    }

    /// Its SQL, with what it does and risks in comments before it.
    pub(crate) fn script(&self) -> String {
        let refusals = self.refusals.iter();
        let refusals: String = refusals
            .map(|refusal| format!("-- no SQL: {refusal}\n"))
            .collect();
        format!("{}{refusals}{}", self.outline, self.sql)
    }
}

impl Drift {
    pub(crate) fn is_none(&self) -> bool {
        self.differences == 0
    }

    /// `3 differences: + column users.phone_number text (safe), …`.
    pub(crate) fn in_short(&self) -> String {
        const SHOWN: usize = 3;
        let all: Vec<&String> = self.way.steps.iter().chain(&self.way.refusals).collect();
        let shown: Vec<String> = all
            .iter()
            .take(SHOWN)
            .map(|line| terminal_plan::told(line))
            .collect();
        let more = if all.len() > SHOWN { ", …" } else { "" };
        format!(
            "{}: {}{more}",
            text::count(self.differences),
            shown.join(", ")
        )
    }
}
