//! Expand and contract: what of a change running code doesn't notice, and what has to wait until none of it
//! needs the old shape any more.

use std::collections::BTreeSet;

use super::graph::Edges;
use super::impact::{self, Action, Impact, Labels};
use super::step::{Step, Verb};
use super::write::Style;
use super::{HazardCode, Plan, Refusal, ordered, phase, unmodelled};
use crate::change::Changes;
use crate::model::{Column, ConstraintKind, Object, ObjectId};
use crate::name::{Ident, Name, free};
use crate::render;

/// The plain plan of the part that running code doesn't notice, however the rest comes: nothing that it may still
/// need goes, and nothing that it may still write is refused.
///
/// That is: nothing is dropped that a query can name, no default goes, no grant, no label and no key; no type gets narrower; a column
/// that is to be NOT NULL, or to be dropped, may be NULL meanwhile. What needs something of that waits, too.
pub fn expanded(changes: &Changes) -> Plan {
    let impact = impact::impact(changes, Labels::Added);
    let mut refusals = impact.refusals.clone();
    refusals.extend(unmodelled(changes));
    let ordered = ordered(changes, &impact, Style::Merged)
        .or_else(|_| ordered(changes, &impact, Style::Split));
    let (steps, edges) = match ordered {
        Ok(ordered) => ordered,
        Err(circle) => {
            refusals.push(circle);
            return Plan {
                phases: Vec::new(),
                refusals,
            };
        }
    };
    refusals.extend(split_keys(changes, &steps));
    let waits = waiting(changes, &impact, &steps, &edges);
    let now: Vec<Step> = steps
        .into_iter()
        .enumerate()
        .filter_map(|(at, step)| match waits[at] {
            true => meanwhile(changes, &step),
            false => loosened(changes, step),
        })
        .collect();
    Plan {
        phases: phase::split(changes, now),
        refusals,
    }
}

/// Two columns of a table that hold the same, whichever of them is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InStep {
    /// The table of both.
    pub table: Name,
    /// The column that contracting will drop.
    pub old: Ident,
    /// The one that takes its place.
    pub new: Ident,
    /// The trigger's name, and its function's.
    pub trigger: Ident,
    /// What makes both.
    pub statements: Vec<String>,
}

impl InStep {
    /// Keeps the column `new`, which has no default, in step with `old`, whose type it has. A trigger sees the row after
    /// defaults, so an INSERT that sets `new` is told from one that does not, whatever `old` has for a default.
    pub fn of(table: &Name, old: &Ident, new: &Ident, data_type: &str) -> Self {
        let near = format!("zz_{}_{}", table.name.as_str(), new.as_str());
        let trigger = Ident::new(free(&near, "__in_step", |_| false));
        // Not every type can be compared.
        let comparable = match data_type {
            "json" | "xml" | "point" | "line" | "lseg" | "box" | "path" | "polygon" | "circle" => {
                "::text"
            }
            _ => "",
        };
        let changed = |column: &Ident| {
            format!("NEW.{column}{comparable} IS DISTINCT FROM OLD.{column}{comparable}")
        };
        let body = format!(
            "IF TG_OP = 'INSERT' THEN IF NEW.{new} IS NULL THEN NEW.{new} := NEW.{old}; ELSE NEW.{old} := NEW.{new}; END IF; \
             ELSIF {} THEN NEW.{new} := NEW.{old}; ELSIF {} THEN NEW.{old} := NEW.{new}; END IF;",
            changed(old),
            changed(new)
        );
        Self {
            table: table.clone(),
            old: old.clone(),
            new: new.clone(),
            statements: render::kept_in_step(table, &trigger, &body).into(),
            trigger,
        }
    }
}

/// Which steps have to wait: those that running code would notice, what needs them, and both halves of what is made
/// anew.
fn waiting(changes: &Changes, impact: &Impact, steps: &[Step], edges: &Edges) -> Vec<bool> {
    let mut waits: Vec<bool> = (steps.iter())
        .map(|step| is_noticed(changes, impact, step))
        .collect();
    loop {
        let before = waits.clone();
        // Steps are in an order in which every edge leads forward.
        for (first, second) in edges {
            waits[*second] |= waits[*first];
        }
        let anew: BTreeSet<&ObjectId> = (steps.iter().zip(&waits))
            .filter(|(step, waits)| {
                **waits && impact.actions.get(&step.object) == Some(&Action::Recreate)
            })
            .map(|(step, _)| &step.object)
            .collect();
        for (at, step) in steps.iter().enumerate() {
            waits[at] |= anew.contains(&step.object);
        }
        if waits == before {
            return waits;
        }
    }
}

fn is_noticed(changes: &Changes, impact: &Impact, step: &Step) -> bool {
    let anew = impact.actions.get(&step.object) == Some(&Action::Recreate);
    match (&step.object, step.verb) {
        (_, Verb::Rename) => false,
        (ObjectId::Type { .. }, _) if anew => loses_labels(changes, &step.object),
        (_, Verb::Drop) if anew => false,
        // A query may go by it as long as its column is there.
        (ObjectId::Index { .. } | ObjectId::Constraint { .. }, Verb::Drop)
            if stands_on_what_goes(changes, impact, &step.object) =>
        {
            true
        }
        (
            ObjectId::Table { .. }
            | ObjectId::Column { .. }
            | ObjectId::View { .. }
            | ObjectId::Function { .. }
            | ObjectId::Type { .. }
            | ObjectId::Sequence { .. }
            | ObjectId::Schema { .. }
            | ObjectId::Extension { .. }
            | ObjectId::Collation { .. }
            | ObjectId::Default { .. }
            | ObjectId::Privileges { .. },
            Verb::Drop,
        ) => true,
        // ON CONFLICT asks for a key.
        (ObjectId::Constraint { .. }, Verb::Drop) => matches!(
            changes.previous.get(&step.object),
            Some(Object::Constraint(key))
                if matches!(key.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique)
        ),
        (ObjectId::Column { .. }, Verb::Alter) => (step.hazards.iter()).any(|hazard| {
            hazard.code == HazardCode::ChangesValues
                || hazard.code == HazardCode::MayFail && !hazard.message.contains("NULL")
        }),
        (ObjectId::Privileges { .. }, Verb::Alter) => {
            match (
                changes.previous.get(&step.object),
                changes.next.get(&step.object),
            ) {
                (Some(Object::Privileges(before)), Some(Object::Privileges(after))) => {
                    before.loses(after)
                }
                _ => false,
            }
        }
        _ => false,
    }
}

fn stands_on_what_goes(changes: &Changes, impact: &Impact, id: &ObjectId) -> bool {
    (impact.previous_needs.of_object(id))
        .any(|need| matches!(need, ObjectId::Column { .. }) && !changes.next.contains(need))
}

fn loses_labels(changes: &Changes, id: &ObjectId) -> bool {
    match (changes.previous.get(id), changes.next.get(id)) {
        (Some(Object::Enum(before)), Some(Object::Enum(after))) => {
            (before.labels.iter()).any(|label| !after.labels.contains(label))
        }
        _ => true,
    }
}

/// What is done to something that stays for the time being: new code says nothing about a column that is to go.
fn meanwhile(changes: &Changes, step: &Step) -> Option<Step> {
    let (ObjectId::Column { table, name }, Verb::Drop) = (&step.object, step.verb) else {
        return None;
    };
    let Some(Object::Column(column)) = changes.previous.get(&step.object) else {
        return None;
    };
    let default = ObjectId::Default {
        table: table.clone(),
        column: name.clone(),
    };
    let filled = changes.previous.contains(&default) || column.identity.is_some();
    let kept = (changes.fills.iter())
        .any(|(new, fill)| new.relation() == Some(table) && fill.expression == name.to_string());
    (column.not_null && !filled && !kept).then(|| Step {
        verb: Verb::Alter,
        statements: vec![format!(
            "ALTER TABLE {table} ALTER COLUMN {name} DROP NOT NULL"
        )],
        hazards: Vec::new(),
        ..step.clone()
    })
}

/// A step without NOT NULL, which running code doesn't know of. None where nothing is left.
fn loosened(changes: &Changes, mut step: Step) -> Option<Step> {
    let (ObjectId::Column { table, name }, Some(Object::Column(Column { not_null: true, .. }))) =
        (&step.object, changes.next.get(&step.object))
    else {
        return Some(step);
    };
    let set = format!("ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL");
    match step.verb {
        Verb::Alter => step.statements.retain(|sql| *sql != set),
        Verb::Create
            if (step.hazards.iter()).any(|hazard| hazard.code == HazardCode::MayFail)
                && !changes.fills.contains_key(&step.object) =>
        {
            step.statements.push(format!(
                "ALTER TABLE {table} ALTER COLUMN {name} DROP NOT NULL"
            ));
        }
        Verb::Create | Verb::Rename | Verb::Drop => {}
    }
    (!step.statements.is_empty()).then_some(step)
}

/// A column of a primary key can't be without a value, and so can't wait to be dropped.
fn split_keys(changes: &Changes, steps: &[Step]) -> Vec<Refusal> {
    let in_key = |step: &&Step| {
        let ObjectId::Column { table, name } = &step.object else {
            return false;
        };
        step.verb == Verb::Drop && (changes.previous.objects.iter()).any(|(id, object)| {
            matches!((id, object), (ObjectId::Constraint { table: of, .. }, Object::Constraint(key))
                    if of == table
                        && key.kind == ConstraintKind::PrimaryKey
                        && key.columns.contains(name))
        })
    };
    (steps.iter().filter(in_key))
        .map(|step| Refusal {
            object: step.object.to_string(),
            reason: "it is in the primary key, which can't change in two steps".to_owned(),
        })
        .collect()
}
