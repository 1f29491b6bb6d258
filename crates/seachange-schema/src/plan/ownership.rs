//! Owners among the steps: what a change of owner does to grants and to sequences.

use super::edges::Places;
use super::step::Step;
use crate::change::Changes;
use crate::model::{Object, ObjectId, Schema};
use crate::name::Ident;
use crate::render;

/// PostgreSQL hands the old owner's grants over to the new one (`aclnewowner`), so that what the new owner
/// was granted goes before, and what the old one is granted comes after.
pub(super) fn edges(places: &Places, before: &mut impl FnMut(usize, usize)) {
    let changed = (places.created_by.iter())
        .chain(&places.altered_by)
        .chain(&places.dropped_by);
    for (id, step) in changed {
        let ObjectId::Owner { of } = id else {
            continue;
        };
        let about = |id: &ObjectId| matches!(id, ObjectId::Privileges { of: other, .. } if other == of || column_of(other, of));
        for (_, gone) in places.dropped_by.iter().filter(|(id, _)| about(id)) {
            before(*gone, *step);
        }
        let given = places.created_by.iter().chain(&places.altered_by);
        for (_, given) in given.filter(|(id, _)| about(id)) {
            before(*step, *given);
        }
    }
}

fn column_of(part: &ObjectId, whole: &ObjectId) -> bool {
    match (part, whole) {
        (ObjectId::Column { table, .. }, ObjectId::Table { name } | ObjectId::View { name }) => {
            table == name
        }
        _ => false,
    }
}

/// Whose an object is in a schema, as a grant to `its owner` has to name it.
pub(super) fn named<'a>(of: &ObjectId, schema: &'a Schema) -> Option<&'a Ident> {
    match of {
        ObjectId::Column { table, .. } => {
            let name = table.clone();
            (schema.owner(&ObjectId::Table { name: name.clone() }))
                .or_else(|| schema.owner(&ObjectId::View { name }))
        }
        _ => schema.owner(of),
    }
}

/// A sequence can only be given to a table of the same owner (PostgreSQL manual, ALTER SEQUENCE).
pub(super) fn settle_sequences(steps: &mut [Step], changes: &Changes) {
    for (id, object) in &changes.next.objects {
        let (ObjectId::Sequence { name }, Object::Sequence(sequence)) = (id, object) else {
            continue;
        };
        let Some((table, _)) = &sequence.owned_by else {
            continue;
        };
        let table = ObjectId::Table {
            name: table.clone(),
        };
        let Some(role) = changes.previous.owner(&table) else {
            continue;
        };
        let owned = render::own_sequence(name, sequence.owned_by.as_ref());
        for step in steps.iter_mut() {
            if let Some(at) = step.statements.iter().position(|sql| *sql == owned) {
                step.statements.insert(at, render::owner(id, Some(role)));
            }
        }
    }
}
