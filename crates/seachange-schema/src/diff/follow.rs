//! Constraints and indexes that only changed their names, mostly because PostgreSQL or SeaORM
//! derives them from the table's name and a table's rename leaves them behind.

use std::collections::BTreeMap;

use crate::model::{Constraint, ConstraintKind, Index, Object, ObjectId, Schema};
use crate::name::Name;
use crate::rename::{Rename, ordered};

/// Pairs what is gone with what is new where the definition is the same, carries the renames out
/// in `previous`, and returns them.
pub(super) fn derived_names(previous: &mut Schema, next: &Schema) -> Vec<Rename> {
    // A name may stay and stand for another: two tables that change places take their indexes along.
    let moves = |id: &&ObjectId| nameable(id) && !interchangeable(id, previous, id, next);
    let mut new: Vec<&ObjectId> = next.objects.keys().filter(moves).collect();
    let gone: Vec<ObjectId> = previous.objects.keys().filter(moves).cloned().collect();
    let mut renames: Vec<(ObjectId, ObjectId)> = Vec::new();
    for from in gone {
        let Some(at) = new
            .iter()
            .position(|to| interchangeable(&from, previous, to, next))
        else {
            continue;
        };
        let to = new.remove(at).clone();
        renames.push((from, to));
    }
    let renames = reachable(renames, previous)
        .into_iter()
        .map(|(from, to)| Rename::Object { from, to })
        .collect();
    let taken = |id: &ObjectId| previous.contains(id) || next.contains(id);
    let renames = ordered(renames, &taken);
    for rename in &renames {
        if let Rename::Object { from, to } = rename {
            previous.rename_part(from, to);
        }
    }
    renames
}

/// Those whose new name is free, or is given up by another of them.
fn reachable(
    mut renames: Vec<(ObjectId, ObjectId)>,
    previous: &Schema,
) -> Vec<(ObjectId, ObjectId)> {
    let names: BTreeMap<Name, &ObjectId> = previous
        .objects
        .iter()
        .filter_map(|(id, object)| Some((relation_name(id, object)?, id)))
        .collect();
    loop {
        let blocked = renames.iter().position(|(from, to)| {
            let Some(object) = previous.get(from) else {
                return false;
            };
            let holder = relation_name(to, object).and_then(|name| names.get(&name).copied());
            let holder = holder.or_else(|| previous.get(to).map(|_| to));
            holder.is_some_and(|holder| !renames.iter().any(|(other, _)| other == holder))
        });
        match blocked {
            Some(at) => drop(renames.remove(at)),
            None => return renames,
        }
    }
}

/// The name in `pg_class` that an index or a constraint of this kind has.
fn relation_name(id: &ObjectId, object: &Object) -> Option<Name> {
    match (id, object) {
        (
            ObjectId::Table { name }
            | ObjectId::View { name }
            | ObjectId::Sequence { name }
            | ObjectId::Index { name },
            _,
        ) => Some(name.clone()),
        (ObjectId::Constraint { table, name }, Object::Constraint(constraint)) => {
            let plain = matches!(
                constraint.kind,
                ConstraintKind::Check | ConstraintKind::ForeignKey
            );
            (!plain).then(|| table.sibling(name))
        }
        _ => None,
    }
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
