//! Columns whose type changes: where PostgreSQL has no way, and what has to step aside for it.

use super::impact::Impact;
use crate::change::Changes;
use crate::model::{Composite, ConstraintKind, Domain, Object, ObjectId};
use crate::name::Ident;
use crate::needs::Needs;
use crate::render;

/// Why a column's values can't pass to another type; none where they can.
pub(super) fn refused(column: &ObjectId, changes: &Changes) -> Option<String> {
    match (changes.previous.get(column), changes.next.get(column)) {
        (Some(Object::Column(before)), Some(Object::Column(after)))
            if before.data_type == after.data_type =>
        {
            render::remade(column, &after.data_type, changes).err()
        }
        _ => None,
    }
}

/// Whether a composite's attributes can't change in place: one that columns hold can't change its type
/// (PostgreSQL manual, ALTER TYPE), and what a view or a function reads can't go from under it.
pub(super) fn blocked(id: &ObjectId, before: &Composite, after: &Composite, needs: &Needs) -> bool {
    let next = |name: &Ident| (after.attributes.iter()).find(|attribute| attribute.name == *name);
    let retyped = (before.attributes.iter())
        .any(|old| next(&old.name).is_some_and(|attribute| !render::alike(old, attribute)));
    let dropped = before
        .attributes
        .iter()
        .any(|old| next(&old.name).is_none());
    needs.dependents(id).any(|dependent| match dependent {
        ObjectId::Privileges { .. } | ObjectId::Owner { .. } => false,
        ObjectId::Column { .. } | ObjectId::Type { .. } => retyped,
        _ => retyped || dropped,
    })
}

/// Whether a domain gets stricter while its values are inside others: PostgreSQL checks those of columns, and
/// refuses where an array, a composite or a range holds some (PostgreSQL manual, ALTER DOMAIN, "Notes").
pub(super) fn unreachable(
    id: &ObjectId,
    before: &Domain,
    after: &Domain,
    changes: &Changes,
    needs: &Needs,
) -> bool {
    let inside = |dependent: &ObjectId| match changes.previous.get(dependent) {
        Some(Object::Column(column)) => column.data_type.ends_with("[]"),
        Some(Object::Composite(_) | Object::Range(_)) => true,
        _ => false,
    };
    before.stricter(after) && needs.dependents(id).any(inside)
}

/// Foreign keys whose two ends both change their types: there is no operator to compare them in between.
pub(super) fn foreign_keys(changes: &Changes, impact: &Impact) -> Vec<ObjectId> {
    let between = |id: &ObjectId, object: &Object| {
        let (ObjectId::Constraint { table, .. }, Object::Constraint(constraint)) = (id, object)
        else {
            return false;
        };
        if constraint.kind != ConstraintKind::ForeignKey || !changes.next.contains(id) {
            return false;
        }
        let retyped: Vec<&ObjectId> = impact
            .previous_needs
            .of_object(id)
            .filter(|need| impact.retyped.contains(*need))
            .collect();
        let own = |need: &&ObjectId| need.relation() == Some(table);
        constraint.references.as_ref() == Some(table) && !retyped.is_empty()
            || retyped.iter().any(own) && retyped.iter().any(|need| !own(need))
    };
    (changes.previous.objects.iter())
        .filter(|(id, object)| between(id, object))
        .map(|(id, _)| id.clone())
        .collect()
}
