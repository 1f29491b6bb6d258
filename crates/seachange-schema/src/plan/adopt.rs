//! A unique index that becomes a constraint: PostgreSQL takes it over as it is, and nothing is built anew.

use super::impact::{Action, Impact};
use crate::change::Changes;
use crate::model::{ConstraintKind, Object, ObjectId};
use crate::render::Work;

/// The index that goes and that a new key can take over, with the statement that does it. A partitioned
/// table's can't be taken over (PostgreSQL manual, ALTER TABLE, "ADD table_constraint_using_index").
pub(super) fn adopted<'a>(
    id: &ObjectId,
    object: &Object,
    changes: &Changes,
    impact: &'a Impact,
) -> Option<(&'a ObjectId, Work)> {
    let (ObjectId::Constraint { table, name }, Object::Constraint(constraint)) = (id, object)
    else {
        return None;
    };
    let word = match constraint.kind {
        ConstraintKind::PrimaryKey => "PRIMARY KEY",
        ConstraintKind::Unique => "UNIQUE",
        _ => return None,
    };
    let plain = ObjectId::Table {
        name: table.clone(),
    };
    let (Some(Object::Table(before)), Some(Object::Table(after))) =
        (changes.previous.get(&plain), changes.next.get(&plain))
    else {
        return None;
    };
    if constraint.comment.is_some() || before.partition_by.is_some() || after.partition_of.is_some()
    {
        return None;
    }
    let key = constraint.definition.strip_prefix(word)?.trim_start();
    let end = key.find(" DEFERRABLE").unwrap_or(key.len());
    let (key, deferrable) = key.split_at(end);
    let (index, _) = impact.actions.iter().find(|(other, action)| {
        let Some(Object::Index(index)) = changes.previous.get(other) else {
            return false;
        };
        **action == Action::Drop
            && index.unique
            && index.valid
            && index.parent.is_none()
            && index.comment.is_none()
            && index.table == *table
            && index.definition.strip_prefix("btree ") == Some(key)
            && impact.previous_needs.dependents(other).next().is_none()
    })?;
    let ObjectId::Index { name: old } = index else {
        return None;
    };
    let work = Work::of(format!(
        "ALTER TABLE {table} ADD CONSTRAINT {name} {word} USING INDEX {}{deferrable}",
        old.name
    ));
    Some((index, work))
}
