//! Constraints and indexes that only changed their names, mostly because PostgreSQL or SeaORM
//! derives them from the table's name and a table's rename leaves them behind.

use crate::model::{Constraint, Index, Object, ObjectId, Schema};
use crate::rename::Rename;

/// Pairs what is gone with what is new where the definition is the same, carries the renames out
/// in `previous`, and returns them.
pub(super) fn derived_names(previous: &mut Schema, next: &Schema) -> Vec<Rename> {
    let mut new: Vec<&ObjectId> = next
        .objects
        .keys()
        .filter(|id| nameable(id) && !previous.contains(id))
        .collect();
    let gone: Vec<ObjectId> = previous
        .objects
        .keys()
        .filter(|id| nameable(id) && !next.contains(id))
        .cloned()
        .collect();
    let mut renames = Vec::new();
    for from in gone {
        let Some(at) = new
            .iter()
            .position(|to| interchangeable(&from, previous, to, next))
        else {
            continue;
        };
        let to = new.remove(at).clone();
        previous.rename_part(&from, &to);
        renames.push(Rename::Object { from, to });
    }
    renames
}

fn nameable(id: &ObjectId) -> bool {
    matches!(id, ObjectId::Constraint { .. } | ObjectId::Index { .. })
}

fn interchangeable(from: &ObjectId, previous: &Schema, to: &ObjectId, next: &Schema) -> bool {
    match (from, previous.get(from), to, next.get(to)) {
        (
            ObjectId::Constraint { table: a, .. },
            Some(Object::Constraint(previous)),
            ObjectId::Constraint { table: b, .. },
            Some(Object::Constraint(next)),
        ) => a == b && same_constraint(previous, next),
        (
            ObjectId::Index { name: a },
            Some(Object::Index(previous)),
            ObjectId::Index { name: b },
            Some(Object::Index(next)),
        ) => a.schema == b.schema && same_index(previous, next),
        _ => false,
    }
}

fn same_constraint(previous: &Constraint, next: &Constraint) -> bool {
    let Constraint {
        kind,
        definition,
        columns,
        references,
        validated,
        local,
        comment: _,
    } = previous;
    // One that comes with a parent table is renamed there.
    *local
        && *local == next.local
        && *kind == next.kind
        && *definition == next.definition
        && *columns == next.columns
        && *references == next.references
        && *validated == next.validated
}

fn same_index(previous: &Index, next: &Index) -> bool {
    let Index {
        table,
        unique,
        definition,
        parent,
        valid,
        comment: _,
    } = previous;
    parent.is_none()
        && *valid
        && *valid == next.valid
        && *table == next.table
        && *unique == next.unique
        && *definition == next.definition
        && *parent == next.parent
}
