//! Splits steps where one transaction can't hold them: a label added to an enum can't be used before
//! the transaction that adds it has ended (PostgreSQL manual, ALTER TYPE).

use super::step::{Step, Verb};
use super::{Phase, Transaction};
use crate::change::Changes;
use crate::model::{Object, ObjectId};
use crate::name::literal;

/// The steps as phases, in order; no phase is empty.
pub(super) fn split(changes: &Changes, steps: Vec<Step>) -> Vec<Phase> {
    let added: Vec<(usize, Vec<String>)> = steps
        .iter()
        .enumerate()
        .filter_map(|(at, step)| Some((at, added_labels(changes, step)?)))
        .collect();
    let used = added.iter().any(|(at, labels)| {
        steps.iter().enumerate().any(|(other, step)| {
            other != *at
                && step
                    .statements
                    .iter()
                    .any(|sql| labels.iter().any(|label| sql.contains(label)))
        })
    });
    if steps.is_empty() {
        return Vec::new();
    }
    if !used {
        return vec![Phase {
            transaction: Transaction::One,
            steps,
        }];
    }
    let (first, second): (Vec<_>, Vec<_>) = steps
        .into_iter()
        .enumerate()
        .partition(|(at, _)| added.iter().any(|(label, _)| label == at));
    [first, second]
        .into_iter()
        .map(|steps| Phase {
            transaction: Transaction::One,
            steps: steps.into_iter().map(|(_, step)| step).collect(),
        })
        .filter(|phase| !phase.steps.is_empty())
        .collect()
}

/// The labels that a step adds to an existing enum, as literals.
pub(super) fn added_labels(changes: &Changes, step: &Step) -> Option<Vec<String>> {
    if step.verb != Verb::Alter || !matches!(step.object, ObjectId::Type { .. }) {
        return None;
    }
    let change = changes.changes.get(&step.object)?;
    let (Some(Object::Enum(previous)), Some(Object::Enum(next))) = (&change.previous, &change.next)
    else {
        return None;
    };
    let new: Vec<String> = next
        .labels
        .iter()
        .filter(|label| !previous.labels.contains(label))
        // As it is written here, and as PostgreSQL writes it.
        .flat_map(|label| [literal(label), format!("'{}'", label.replace('\'', "''"))])
        .collect();
    (!new.is_empty()).then_some(new)
}
