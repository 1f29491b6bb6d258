//! Labels that a change removes from enums, and the columns whose rows may hold them.

use std::collections::BTreeSet;

use super::hazard::{Hazard, HazardCode};
use crate::change::{Changes, Direction};
use crate::model::{Object, ObjectId};
use crate::name::{Name, literal};
use crate::needs::Needs;

/// A label that goes, and a column that may hold it, with nothing said about what it holds instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedLabel {
    /// The enum.
    pub of: Name,
    /// The one that goes.
    pub label: String,
    /// As it is called once renames have been carried out: `users.role`.
    pub column: String,
    /// Counts such rows in a database whose renames have not been carried out yet.
    pub count: String,
    /// The labels that stay.
    pub kept: Vec<String>,
}

/// Every label that the changes remove and no mapping speaks of, with each column of that type, its arrays
/// or a domain over it.
pub fn removed_labels(changes: &Changes) -> Vec<RemovedLabel> {
    let needs = Needs::of(&changes.previous);
    let mut found = Vec::new();
    for (id, change) in &changes.changes {
        let (ObjectId::Type { name }, Some(Object::Enum(previous)), Some(Object::Enum(next))) =
            (id, &change.previous, &change.next)
        else {
            continue;
        };
        for label in unmapped(name, changes) {
            for column in columns(id, &needs) {
                let (ObjectId::Column { table, name: own }, Some(Object::Column(object))) =
                    (&column, changes.previous.get(&column))
                else {
                    continue;
                };
                if inside_composite(&column, changes) {
                    continue;
                }
                let now = changes
                    .renames_first
                    .iter()
                    .rev()
                    .fold(column.clone(), |id, rename| rename.undone(id));
                let ObjectId::Column {
                    table: at,
                    name: called,
                } = &now
                else {
                    continue;
                };
                found.push(RemovedLabel {
                    of: name.clone(),
                    label: label.clone(),
                    column: format!("{}.{}", table.plain(), own.as_str()),
                    count: format!(
                        "SELECT count(*) FROM {at} WHERE {}",
                        holds(&called.to_string(), &object.data_type, &label)
                    ),
                    kept: next
                        .labels
                        .iter()
                        .filter(|one| previous.labels.contains(one))
                        .cloned()
                        .collect(),
                });
            }
        }
    }
    found
}

/// The labels of an enum that go without a mapping.
fn unmapped(of: &Name, changes: &Changes) -> Vec<String> {
    let id = ObjectId::Type { name: of.clone() };
    let (Some(Object::Enum(previous)), Some(Object::Enum(next))) =
        (changes.previous.get(&id), changes.next.get(&id))
    else {
        return Vec::new();
    };
    let mapped = mappings(of, changes);
    (previous.labels.iter())
        .filter(|label| !next.labels.contains(label))
        .filter(|label| !mapped.iter().any(|(from, _)| from == label))
        .cloned()
        .collect()
}

/// The condition for a row that holds a label, in a column of the enum, its arrays or a domain over it.
fn holds(column: &str, data_type: &str, label: &str) -> String {
    let label = literal(label);
    if data_type.ends_with("[]") {
        format!("{label} = ANY ({column}::text[])")
    } else {
        format!("{column}::text = {label}")
    }
}

/// The columns of a type, also through arrays, domains and composites of it.
fn columns(of: &ObjectId, needs: &Needs) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::from([of.clone()]);
    let mut waiting = vec![of.clone()];
    while let Some(id) = waiting.pop() {
        for dependent in needs.dependents(&id) {
            match dependent {
                ObjectId::Column { .. } => {
                    found.insert(dependent.clone());
                }
                ObjectId::Type { .. } if seen.insert(dependent.clone()) => {
                    waiting.push(dependent.clone());
                }
                _ => {}
            }
        }
    }
    found
}

/// Whether a column's values hold the label somewhere inside a composite, where no simple query finds it.
fn inside_composite(column: &ObjectId, changes: &Changes) -> bool {
    changes.previous.needs(column).any(|need| {
        matches!(
            changes.previous.get(need),
            Some(Object::Composite(_) | Object::Range(_))
        )
    })
}

/// What is to be said of a column that moves over to its type's next state.
pub(crate) fn hazards(column: &ObjectId, changes: &Changes) -> Vec<Hazard> {
    let (ObjectId::Column { table, name }, Some(Object::Column(object))) =
        (column, changes.previous.get(column))
    else {
        return Vec::new();
    };
    let subject = format!("{}.{}", table.plain(), name.as_str());
    let needs = Needs::of(&changes.previous);
    let mut found = Vec::new();
    for id in changes.changes.keys() {
        let ObjectId::Type { name: of } = id else {
            continue;
        };
        if !columns(id, &needs).contains(column) {
            continue;
        }
        for label in unmapped(of, changes) {
            let look = match inside_composite(column, changes) {
                true => String::new(),
                false => format!(
                    "look for such rows with `SELECT count(*) FROM {table} WHERE {}`, and ",
                    holds(&name.to_string(), &object.data_type, &label)
                ),
            };
            let say = match changes.direction {
                Direction::Up => format!(
                    "say what they hold instead: `--map {}.{label}:LABEL`",
                    of.plain()
                ),
                Direction::Down => "change them first".to_owned(),
            };
            found.push(
                Hazard::new(
                    HazardCode::MayFail,
                    subject.clone(),
                    format!("fails, and changes nothing, while a row holds `{label}` in {subject}"),
                )
                .help(format!("{look}{say}")),
            );
        }
        for mapping in changes
            .mappings
            .iter()
            .filter(|mapping| mapping.of == *of && changes.direction == Direction::Up)
        {
            found.push(Hazard::new(
                HazardCode::ChangesValues,
                format!("{}.{}", of.plain(), mapping.from),
                format!(
                    "rows that hold `{}` in {subject} hold `{}` from then on",
                    mapping.from, mapping.to
                ),
            ));
        }
    }
    found
}

/// What a way back has to say of an enum whose label was mapped to another.
pub(super) fn not_restored(of: &ObjectId, changes: &Changes) -> Vec<Hazard> {
    let ObjectId::Type { name } = of else {
        return Vec::new();
    };
    let back = mappings(name, changes);
    let lost: Vec<_> = (changes.mappings.iter())
        .filter(|mapping| mapping.of == *name && changes.direction == Direction::Down)
        .filter(|mapping| !back.contains(&(mapping.to.as_str(), mapping.from.as_str())))
        .collect();
    if lost.is_empty() {
        return Vec::new();
    }
    let needs = Needs::of(&changes.next);
    let mut found = Vec::new();
    for column in columns(of, &needs) {
        for mapping in &lost {
            found.push(
                Hazard::new(
                    HazardCode::NotRestored,
                    column.plain(),
                    format!(
                        "rows of {} that held `{}` can't be told from others that hold `{}`, and stay as they are",
                        column.plain(),
                        mapping.from,
                        mapping.to
                    ),
                )
                .help("keep a backup if they matter"),
            );
        }
    }
    found
}

/// The pairs of labels that a mapping gives for an enum: what rows hold, and what they hold from then on. On
/// the way back, what was mapped to a new label is what it was.
pub(crate) fn mappings<'a>(of: &Name, changes: &'a Changes) -> Vec<(&'a str, &'a str)> {
    let id = ObjectId::Type { name: of.clone() };
    let stays = |label: &str| match changes.next.get(&id) {
        Some(Object::Enum(found)) => found.labels.iter().any(|one| one == label),
        _ => false,
    };
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for mapping in changes.mappings.iter().filter(|mapping| mapping.of == *of) {
        let (from, to) = (mapping.from.as_str(), mapping.to.as_str());
        match changes.direction {
            Direction::Up => pairs.push((from, to)),
            Direction::Down if !stays(to) && !pairs.iter().any(|(other, _)| *other == to) => {
                pairs.push((to, from));
            }
            Direction::Down => {}
        }
    }
    pairs
}
