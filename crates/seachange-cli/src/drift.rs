//! How two sources of a schema differ, for commands that show it and change nothing.

use seachange::source::{Road, Source};
use seachange_schema::model::Schema;
use seachange_schema::plan::Plan;
use seachange_schema::{diff, plan, script};
use serde::Serialize;

use crate::failure::Failure;

/// What lies between two schemas.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Drift {
    /// As sources are written: `migrations`.
    pub(crate) from: String,
    pub(crate) to: String,
    /// How many steps lead from one to the other, and what has none.
    pub(crate) differences: usize,
    /// One line each: `+ column users.phone_number text (safe)`.
    pub(crate) steps: Vec<String>,
    /// The statements that lead from one to the other.
    pub(crate) sql: String,
    /// What differs and has no way in SQL.
    pub(crate) refusals: Vec<String>,
}

/// Compares two sources.
pub(crate) async fn drift(road: &Road, from: &Source, to: &Source) -> Result<Drift, Failure> {
    let (previous, next) = road.pair(from, to).await?;
    let mut drift = between(&previous, &next);
    drift.from = from.to_string();
    drift.to = to.to_string();
    Ok(drift)
}

fn between(previous: &Schema, next: &Schema) -> Drift {
    let changes = diff(previous.clone(), next.clone(), Vec::new());
    let plan: Plan = plan(&changes);
    let scripts: Vec<String> = plan.phases.iter().map(script::script).collect();
    let planned = plan.steps().count() + plan.refusals.len();
    Drift {
        from: String::new(),
        to: String::new(),
        differences: match changes.is_empty() {
            true => plan.refusals.len(),
            // What differs is never nothing, whatever becomes of it in the plan.
            false => planned.max(1),
        },
        steps: plan.steps().map(script::line).collect(),
        sql: scripts.join("\n"),
        refusals: plan
            .refusals
            .iter()
            .map(|refusal| format!("{} {}", refusal.object, refusal.reason))
            .collect(),
    }
}

impl Drift {
    pub(crate) fn is_none(&self) -> bool {
        self.differences == 0
    }

    /// `3 differences: + column users.phone_number text (safe), …`.
    pub(crate) fn in_short(&self) -> String {
        const SHOWN: usize = 3;
        let all: Vec<&String> = self.steps.iter().chain(&self.refusals).collect();
        let shown: Vec<&str> = all.iter().take(SHOWN).map(|line| line.as_str()).collect();
        let more = if all.len() > SHOWN { ", …" } else { "" };
        let noun = match self.differences {
            1 => "difference",
            _ => "differences",
        };
        format!("{} {noun}: {}{more}", self.differences, shown.join(", "))
    }
}
