//! Names that only one object at a time can bear.

use std::collections::BTreeMap;

use super::Drawing;
use crate::model::{ConstraintKind, Object, ObjectId};
use crate::name::Name;

impl Drawing<'_> {
    /// Tables, views, sequences, indexes and the constraints that make one share their names; identity
    /// columns bring a sequence along.
    pub(super) fn names(&self, before: &mut impl FnMut(usize, usize)) {
        let mut freed: BTreeMap<Name, Vec<(&ObjectId, usize)>> = BTreeMap::new();
        for (id, step) in self.places.dropped_by.iter().chain(&self.places.altered_by) {
            let altered = self.places.altered_by.get(id) == Some(step);
            let previous = self.changes.previous.get(id);
            let name = if altered {
                identity_name(id, previous).filter(|name| {
                    identity_name(id, self.changes.next.get(id)).as_ref() != Some(name)
                })
            } else {
                relation_name(id, previous).or_else(|| identity_name(id, previous))
            };
            if let Some(name) = name {
                freed.entry(name).or_default().push((id, *step));
            }
        }
        for (id, step) in self.places.created_by.iter().chain(&self.places.altered_by) {
            let next = self.changes.next.get(id);
            let Some(name) = relation_name(id, next).or_else(|| identity_name(id, next)) else {
                continue;
            };
            for (other, gone) in freed.get(&name).into_iter().flatten() {
                if *other != id {
                    before(*gone, *step);
                }
            }
        }
    }
}

/// The name of the sequence behind an identity column.
fn identity_name(id: &ObjectId, object: Option<&Object>) -> Option<Name> {
    match (id, object) {
        (ObjectId::Column { table, .. }, Some(Object::Column(column))) => {
            let identity = column.identity.as_ref()?;
            Some(table.sibling(&identity.sequence))
        }
        _ => None,
    }
}

/// The name that an object takes up in `pg_class`.
fn relation_name(id: &ObjectId, object: Option<&Object>) -> Option<Name> {
    match id {
        ObjectId::Table { name }
        | ObjectId::View { name }
        | ObjectId::Sequence { name }
        | ObjectId::Index { name } => Some(name.clone()),
        // A type of that name is in the way of a table's row type.
        ObjectId::Type { name } => Some(name.clone()),
        ObjectId::Constraint { table, name } => match object {
            Some(Object::Constraint(constraint))
                if !matches!(
                    constraint.kind,
                    ConstraintKind::Check | ConstraintKind::ForeignKey
                ) =>
            {
                Some(table.sibling(name))
            }
            _ => None,
        },
        ObjectId::Schema { .. }
        | ObjectId::Extension { .. }
        | ObjectId::Function { .. }
        | ObjectId::Column { .. }
        | ObjectId::Default { .. }
        | ObjectId::Trigger { .. }
        | ObjectId::Policy { .. }
        | ObjectId::Rule { .. }
        | ObjectId::Privileges { .. }
        | ObjectId::Owner { .. }
        | ObjectId::DefaultPrivileges { .. }
        | ObjectId::Collation { .. }
        | ObjectId::Statistics { .. }
        | ObjectId::ReplicaIdentity { .. }
        | ObjectId::ClusterMark { .. }
        | ObjectId::Publication { .. }
        | ObjectId::PublicationTable { .. }
        | ObjectId::PublicationSchema { .. }
        | ObjectId::EventTrigger { .. } => None,
    }
}
