//! What could be a rename, so that a person can be asked before anything is dropped.

use crate::change::Changes;
use crate::model::{Object, ObjectId};
use crate::rename::Rename;

/// Something that goes away while something of its kind appears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What goes away, in words: `column users.name`.
    pub gone: String,
    /// The renames that would explain it, the likeliest first.
    pub renames: Vec<Rename>,
}

/// Every pair that a person has to be asked about, in a fixed order: tables and types first, since a
/// table's columns can only be compared once it is known to be the same table.
pub fn candidates(changes: &Changes) -> Vec<Candidate> {
    let gone = changes
        .changes
        .iter()
        .filter(|(_, change)| change.next.is_none());
    let mut found: Vec<Candidate> = gone
        .filter_map(|(id, change)| {
            let mut renames: Vec<(u32, Rename)> = changes
                .changes
                .iter()
                .filter(|(_, other)| other.previous.is_none())
                .filter_map(|(to, other)| {
                    let likeness = likeness(
                        changes,
                        id,
                        change.previous.as_ref()?,
                        to,
                        other.next.as_ref()?,
                    )?;
                    Some((
                        likeness,
                        Rename::Object {
                            from: id.clone(),
                            to: to.clone(),
                        },
                    ))
                })
                .collect();
            renames.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
            (!renames.is_empty()).then(|| Candidate {
                gone: id.to_string(),
                renames: renames.into_iter().map(|(_, rename)| rename).collect(),
            })
        })
        .collect();
    found.extend(labels(changes));
    found
}

/// How much two objects have in common; none where one can't be the other under a new name.
fn likeness(
    changes: &Changes,
    from: &ObjectId,
    previous: &Object,
    to: &ObjectId,
    next: &Object,
) -> Option<u32> {
    match (from, previous, to, next) {
        (
            ObjectId::Column { table: a, .. },
            Object::Column(previous),
            ObjectId::Column { table: b, .. },
            Object::Column(next),
        ) if a == b => {
            // A column of a table that comes or goes as a whole is no question of its own.
            let table = ObjectId::Table { name: a.clone() };
            let stays = changes.previous.contains(&table) && changes.next.contains(&table);
            stays.then(|| {
                u32::from(previous.data_type == next.data_type) * 4
                    + u32::from(previous.not_null == next.not_null)
                    + u32::from(previous.position == next.position) * 2
            })
        }
        (
            ObjectId::Table { name: a },
            Object::Table(_),
            ObjectId::Table { name: b },
            Object::Table(_),
        ) if a.schema == b.schema => {
            let names = |schema: &crate::model::Schema, table| -> Vec<String> {
                schema
                    .columns(table)
                    .into_iter()
                    .map(|(name, column)| format!("{name} {}", column.data_type))
                    .collect()
            };
            let (before, after) = (names(&changes.previous, a), names(&changes.next, b));
            let common = before
                .iter()
                .filter(|column| after.contains(column))
                .count();
            // Two tables that share less than half of their columns are hardly one.
            (common * 2 >= before.len().max(after.len()))
                .then(|| u32::try_from(common).unwrap_or(u32::MAX))
        }
        (
            ObjectId::Type { name: a },
            Object::Enum(previous),
            ObjectId::Type { name: b },
            Object::Enum(next),
        ) if a.schema == b.schema => {
            let common = previous
                .labels
                .iter()
                .filter(|label| next.labels.contains(label))
                .count();
            (common * 2 >= previous.labels.len().max(next.labels.len()))
                .then(|| u32::try_from(common).unwrap_or(u32::MAX))
        }
        _ => None,
    }
}

fn labels(changes: &Changes) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (id, change) in &changes.changes {
        let (ObjectId::Type { name }, Some(Object::Enum(previous)), Some(Object::Enum(next))) =
            (id, &change.previous, &change.next)
        else {
            continue;
        };
        let new: Vec<&String> = next
            .labels
            .iter()
            .filter(|label| !previous.labels.contains(label))
            .collect();
        for (place, label) in previous.labels.iter().enumerate() {
            if next.labels.contains(label) || new.is_empty() {
                continue;
            }
            let mut renames: Vec<Rename> = new
                .iter()
                .map(|to| Rename::Label {
                    of: name.clone(),
                    from: label.clone(),
                    to: (*to).clone(),
                })
                .collect();
            renames.sort_by_key(|rename| match rename {
                Rename::Label { to, .. } => next.labels.get(place) != Some(to),
                Rename::Object { .. } => true,
            });
            found.push(Candidate {
                gone: format!("label {}.{label}", name.plain()),
                renames,
            });
        }
    }
    found
}
