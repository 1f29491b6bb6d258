//! From a difference to the steps that carry it out: which objects have to be taken down and
//! restored on the way, in which order everything runs, and what each step risks.

mod adopt;
mod birth;
mod cost;
mod edges;
mod expand;
mod graph;
mod hazard;
mod heirs;
mod impact;
mod labels;
mod losses;
mod online;
mod ownership;
mod phase;
mod retype;
mod step;
mod write;

use serde::Serialize;

use self::impact::Labels;
use self::write::Style;
use crate::change::{Changes, Direction};
use crate::model::{ObjectId, Schema, Unmodelled};
use crate::rename::Rename;

pub use expand::{InStep, expanded};
pub use hazard::{Hazard, HazardCode, Risk};
pub use labels::{RemovedLabel, removed_labels};
pub(crate) use labels::{hazards as label_hazards, mappings as label_mappings};
pub use step::{Step, Verb};

/// What has to be done, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Plan {
    /// In their order; nearly always there is one.
    pub phases: Vec<Phase>,
    /// What can't be done. A plan with refusals is not to be run.
    pub refusals: Vec<Refusal>,
}

/// Steps that run together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Phase {
    /// Whether they share a transaction.
    pub transaction: Transaction,
    /// In the order in which they run.
    pub steps: Vec<Step>,
}

/// How the statements of a phase are run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Transaction {
    /// All in one transaction.
    #[default]
    One,
    /// Each by itself, outside a transaction.
    None,
}

/// What a plan may do to those who use the database meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Everything in a transaction, in the plainest form: readers and writers may wait as long as it takes.
    #[default]
    Offline,
    /// What works through a table that is in use doesn't keep its readers and writers waiting.
    Online,
}

/// A difference that has no way in SQL, or none that keeps what the tables hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Refusal {
    /// `column users.name`.
    pub object: String,
    /// Why there is no way, as a fragment.
    pub reason: String,
}

impl Plan {
    /// Whether there is neither a step nor a refusal.
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
    plan_in(changes, Mode::Offline)
}

/// The same, with tables in use or without.
pub fn plan_in(changes: &Changes, mode: Mode) -> Plan {
    let plain = planned(changes, Labels::Added, Mode::Offline);
    let labels = match changes.direction {
        // A way back is one transaction where it can be: there the type is made anew.
        Direction::Down if plain.phases.len() > 1 => Labels::Anew,
        _ => Labels::Added,
    };
    match (labels, mode) {
        (Labels::Added, Mode::Offline) => plain,
        _ => planned(changes, labels, mode),
    }
}

fn planned(changes: &Changes, labels: Labels, mode: Mode) -> Plan {
    let impact = impact::impact(changes, labels);
    let mut refusals = impact.refusals.clone();
    refusals.extend(unmodelled(changes));
    // What reads best first; where that needs itself in a circle, everything on its own.
    let ordered = ordered(changes, &impact, Style::Merged)
        .or_else(|_| ordered(changes, &impact, Style::Split));
    let (steps, edges) = match ordered {
        Ok(ordered) => ordered,
        Err(circle) => {
            return Plan {
                phases: Vec::new(),
                refusals: refusals.into_iter().chain([circle]).collect(),
            };
        }
    };
    let mut phases = match mode {
        Mode::Offline => phase::split(changes, steps),
        Mode::Online => online::phases(changes, &impact, steps, edges),
    };
    renames(&mut phases, changes);
    cost::assess(&mut phases, changes, &impact);
    Plan { phases, refusals }
}

/// Puts the renames before and behind everything else.
fn renames(phases: &mut Vec<Phase>, changes: &Changes) {
    let steps = |renames: &[Rename]| -> Vec<Step> {
        let mut steps: Vec<Step> = renames.iter().map(Step::rename).collect();
        for (step, rename) in steps.iter_mut().zip(renames) {
            if stays_as_a_view(rename, &changes.next) {
                step.hazards.clear();
            }
        }
        steps
    };
    let alone =
        |phase: Option<&Phase>| phase.is_none_or(|phase| phase.transaction == Transaction::None);
    if !changes.renames_first.is_empty() {
        if alone(phases.first()) {
            phases.insert(0, Phase::default());
        }
        phases[0].steps.splice(0..0, steps(&changes.renames_first));
    }
    if !changes.renames_last.is_empty() {
        if alone(phases.last()) {
            phases.push(Phase::default());
        }
        if let Some(phase) = phases.last_mut() {
            phase.steps.extend(steps(&changes.renames_last));
        }
    }
}

/// Whether a table can still be used under its old name.
fn stays_as_a_view(rename: &Rename, next: &Schema) -> bool {
    matches!(rename, Rename::Object { from: ObjectId::Table { name }, .. }
        if next.contains(&ObjectId::View { name: name.clone() }))
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

/// The steps in the order in which they run, and which of them has to run before which.
fn ordered(
    changes: &Changes,
    impact: &impact::Impact,
    style: Style,
) -> Result<(Vec<Step>, graph::Edges), Refusal> {
    let (mut steps, edges) = write::steps(changes, impact, style);
    ownership::settle_sequences(&mut steps, changes);
    let order = graph::order(&steps, &edges).map_err(|circle| Refusal {
        object: circle.join(", "),
        reason: "these need each other, and no order of single steps satisfies all".to_owned(),
    })?;
    let mut places = vec![0; steps.len()];
    for (place, at) in order.iter().enumerate() {
        places[*at] = place;
    }
    let edges = (edges.into_iter())
        .map(|(first, second)| (places[first], places[second]))
        .collect();
    let mut slots: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    let steps = (order.into_iter())
        .filter_map(|at| slots[at].take())
        .collect();
    Ok((steps, edges))
}
