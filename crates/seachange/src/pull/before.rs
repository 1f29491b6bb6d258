//! The part of a schema that has to be there before the entities: types, extensions, sequences,
//! functions that their columns and defaults need.

use std::collections::BTreeSet;

use seachange_schema::{Object, ObjectId, Schema};

use super::selection::part;

/// That part by itself. Whose a sequence is can only be said once there are tables.
pub(super) fn before(schema: &Schema, wanted: &BTreeSet<ObjectId>) -> Schema {
    let mut before = part(schema, |id| wanted.contains(id));
    for object in before.objects.values_mut() {
        if let Object::Sequence(sequence) = object {
            sequence.owned_by = None;
        }
    }
    before
}
