//! Plans for tables that are in use: what would keep readers or writers waiting while PostgreSQL works
//! through a table is done in parts, some of them outside the transaction of the rest.
//!
//! A step is split into parts (`index`, `key`, `check`, `filled`, `fill`, `volatile`, `swap`), and `schedule` gives each part
//! the earliest phase in which what it needs is there. Where nothing has to be split, the plan is the plain one.

mod attach;
mod bound;
mod check;
mod detach;
mod domain;
mod fill;
mod filled;
mod identity;
mod index;
mod key;
mod part;
mod schedule;
mod swap;
mod tree;
mod volatile;

use super::graph::Edges;
use super::impact::Impact;
use super::phase::added_labels;
use super::step::{Step, Verb};
use super::{Phase, Transaction};
use crate::change::Changes;
use crate::model::{Column, Object, ObjectId};
use crate::name::{Ident, Name};

pub(super) use part::Part;

/// What the ways to split a step look at.
pub(super) struct Ground<'a> {
    pub(super) changes: &'a Changes,
    pub(super) impact: &'a Impact,
    pub(super) steps: &'a [Step],
    pub(super) edges: &'a Edges,
}

/// The steps, already in order, as phases. `edges` are pairs of places among them.
pub(super) fn phases(
    changes: &Changes,
    impact: &Impact,
    steps: Vec<Step>,
    mut edges: Edges,
) -> Vec<Phase> {
    let labels: Vec<bool> = labels_apart(changes, &steps, &mut edges);
    let ground = Ground {
        changes,
        impact,
        steps: &steps,
        edges: &edges,
    };
    let parts: Vec<Vec<Part>> = (0..steps.len())
        .map(|at| match labels[at] {
            true => vec![Part::whole(&steps[at], Transaction::None)],
            false => split(&ground, at),
        })
        .collect();
    schedule::schedule(impact, &steps, parts, &edges)
}

fn split(ground: &Ground<'_>, at: usize) -> Vec<Part> {
    let step = &ground.steps[at];
    index::created(ground, at)
        .or_else(|| index::dropped(ground, at))
        .or_else(|| key::added(ground, at))
        .or_else(|| attach::added(ground, at))
        .or_else(|| detach::detached(ground, at))
        .or_else(|| check::added(ground, at))
        .or_else(|| domain::stricter(ground, at))
        .or_else(|| fill::added(ground, at))
        .or_else(|| identity::added(ground, at))
        .or_else(|| volatile::added(ground, at))
        .or_else(|| swap::retyped(ground, at))
        .or_else(|| filled::set(ground, at))
        .unwrap_or_else(|| vec![Part::whole(step, Transaction::One)])
}

/// Which steps add a label that another one uses: they have to be over by then.
fn labels_apart(changes: &Changes, steps: &[Step], edges: &mut Edges) -> Vec<bool> {
    let mut apart = vec![false; steps.len()];
    for (at, step) in steps.iter().enumerate() {
        let Some(labels) = added_labels(changes, step) else {
            continue;
        };
        for (other, user) in steps.iter().enumerate() {
            let uses = |sql: &String| labels.iter().any(|label| sql.contains(label));
            if other != at && user.statements.iter().any(uses) {
                apart[at] = true;
                if at < other {
                    edges.insert((at, other));
                }
            }
        }
    }
    apart
}

impl<'a> Ground<'a> {
    /// Whether a table or materialized view is there before the migration and after it: others use it.
    pub(super) fn in_use(&self, relation: &Name) -> bool {
        let there = |id: ObjectId| {
            self.changes.previous.contains(&id)
                && self.changes.next.contains(&id)
                && !matches!(
                    self.impact.actions.get(&id),
                    Some(super::impact::Action::Recreate)
                )
        };
        there(ObjectId::Table {
            name: relation.clone(),
        }) || there(ObjectId::View {
            name: relation.clone(),
        })
    }

    /// Whether an object that is there before goes, and maybe comes again.
    pub(super) fn is_anew(&self, id: &ObjectId) -> bool {
        use super::impact::Action;
        matches!(
            self.impact.actions.get(id),
            Some(Action::Recreate | Action::Drop)
        )
    }

    /// The table, name and state of the column that a step adds.
    pub(super) fn new_column(&self, step: &'a Step) -> Option<(&'a Name, &'a Ident, &'a Column)> {
        match (&step.object, self.changes.next.get(&step.object), step.verb) {
            (ObjectId::Column { table, name }, Some(Object::Column(column)), Verb::Create) => {
                Some((table, name, column))
            }
            _ => None,
        }
    }

    /// Whether rows of a table are in its partitions.
    pub(super) fn is_partitioned(&self, table: &Name) -> bool {
        let id = ObjectId::Table {
            name: table.clone(),
        };
        matches!(self.changes.next.get(&id), Some(Object::Table(table)) if table.partition_by.is_some())
    }

    /// Whether some other step has to wait for this one.
    pub(super) fn is_waited_for(&self, at: usize) -> bool {
        self.edges
            .range((at, 0)..=(at, usize::MAX))
            .next()
            .is_some()
    }

    /// Whether something has to go before this step.
    pub(super) fn waits_for_a_drop(&self, at: usize) -> bool {
        let mut before = self.edges.iter().filter(|(_, second)| *second == at);
        before.any(|(first, _)| self.steps[*first].verb == Verb::Drop)
    }

    /// A name near `text` that no relation has, before or after.
    pub(super) fn free(&self, near: &Name, end: &str) -> Name {
        let taken = |text: &str| {
            let name = near.sibling(&text.into());
            self.changes.previous.names(&name) || self.changes.next.names(&name)
        };
        near.sibling(
            &crate::name::free(near.name.as_str(), end, taken)
                .as_str()
                .into(),
        )
    }
    /// A name near `text` that no constraint of the table has, before or after.
    pub(super) fn free_constraint(&self, table: &Name, near: &Ident, end: &str) -> Ident {
        let taken = |text: &str| {
            let id = ObjectId::Constraint {
                table: table.clone(),
                name: text.into(),
            };
            self.changes.previous.contains(&id) || self.changes.next.contains(&id)
        };
        Ident::new(crate::name::free(near.as_str(), end, taken))
    }
}
