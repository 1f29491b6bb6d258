//! From a difference to the steps that carry it out: which objects have to be taken down and
//! restored on the way, in which order everything runs, and what each step risks.

mod adopt;
mod birth;
mod edges;
mod graph;
mod hazard;
mod heirs;
mod impact;
mod labels;
mod losses;
mod ownership;
mod phase;
mod retype;
mod step;
mod write;

use serde::Serialize;

use self::impact::Labels;
use self::write::Style;
use crate::change::{Changes, Direction};
use crate::model::Unmodelled;
use crate::rename::Rename;

pub use hazard::{Hazard, HazardCode, Risk};
pub use labels::{RemovedLabel, removed_labels};
pub(crate) use labels::{hazards as label_hazards, mappings as label_mappings};
pub use step::{Step, Verb};

/// What has to be done, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Each runs in a transaction of its own; nearly always there is one.
    pub phases: Vec<Phase>,
    /// What can't be done. A plan with refusals is not to be run.
    pub refusals: Vec<Refusal>,
}

/// Steps that run in one transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Phase {
    pub steps: Vec<Step>,
}

/// A difference that has no way in SQL, or none that keeps what the tables hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// `column users.name`.
    pub object: String,
    pub reason: String,
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.phases.is_empty() && self.refusals.is_empty()
    }

    /// All steps, through all phases.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.phases.iter().flat_map(|phase| &phase.steps)
    }

    /// The worst that can happen.
    pub fn risk(&self) -> Risk {
        self.steps().map(Step::risk).max().unwrap_or(Risk::Safe)
    }
}

/// The steps that lead from `changes.previous` to `changes.next`, with the renames around them.
///
/// Deterministic: the same changes give the same steps in the same order.
pub fn plan(changes: &Changes) -> Plan {
    let plan = planned(changes, Labels::Added);
    if changes.direction == Direction::Down && plan.phases.len() > 1 {
        // A way back is one file and one transaction: there the type is made anew.
        return planned(changes, Labels::Anew);
    }
    plan
}

fn planned(changes: &Changes, labels: Labels) -> Plan {
    let impact = impact::impact(changes, labels);
    let mut refusals = impact.refusals.clone();
    refusals.extend(unmodelled(changes));
    // What reads best first; where that needs itself in a circle, everything on its own.
    let ordered = ordered(changes, &impact, Style::Merged)
        .or_else(|_| ordered(changes, &impact, Style::Split));
    let steps = match ordered {
        Ok(steps) => steps,
        Err(circle) => {
            return Plan {
                phases: Vec::new(),
                refusals: refusals.into_iter().chain([circle]).collect(),
            };
        }
    };
    let mut phases = phase::split(changes, steps);
    let renames = |renames: &[Rename]| -> Vec<Step> { renames.iter().map(Step::rename).collect() };
    let first = renames(&changes.renames_first);
    let last = renames(&changes.renames_last);
    if phases.is_empty() && !(first.is_empty() && last.is_empty()) {
        phases.push(Phase::default());
    }
    if let Some(phase) = phases.first_mut() {
        phase.steps.splice(0..0, first);
    }
    if let Some(phase) = phases.last_mut() {
        phase.steps.extend(last);
    }
    Plan { phases, refusals }
}

/// What differs and has no model: it can't be planned, and is not passed over either.
fn unmodelled(changes: &Changes) -> Vec<Refusal> {
    let refusal = |one: &Unmodelled, what: &str| Refusal {
        object: format!("{} {}", one.kind, one.name),
        reason: format!("{what}, which can't be planned yet: write that part by hand"),
    };
    let (previous, next) = (&changes.previous.unmodelled, &changes.next.unmodelled);
    let gone = previous.iter().filter(|one| !next.contains(one));
    let new = next.iter().filter(|one| !previous.contains(one));
    gone.map(|one| refusal(one, "is gone or changed"))
        .chain(new.map(|one| refusal(one, "is new or changed")))
        .collect()
}

fn ordered(changes: &Changes, impact: &impact::Impact, style: Style) -> Result<Vec<Step>, Refusal> {
    let (mut steps, edges) = write::steps(changes, impact, style);
    ownership::settle_sequences(&mut steps, changes);
    let order = graph::order(&steps, &edges).map_err(|circle| Refusal {
        object: circle.join(", "),
        reason: "these need each other, and no order of single steps satisfies all".to_owned(),
    })?;
    let mut slots: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    Ok(order
        .into_iter()
        .filter_map(|at| slots[at].take())
        .collect())
}
