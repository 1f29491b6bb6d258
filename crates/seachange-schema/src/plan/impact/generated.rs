//! Generated columns: which of them have to be made anew.

use super::Spread;
use crate::model::{Default, Generated, Object, ObjectId};

impl Spread<'_> {
    /// A column that is to be computed from now on has to be made anew.
    pub(super) fn generated_anew(&mut self, default: &ObjectId) {
        if let ObjectId::Default { table, column } = default {
            let column = ObjectId::Column {
                table: table.clone(),
                name: column.clone(),
            };
            if self.changes.previous.contains(&column) {
                self.recreate(&column);
            }
        }
    }

    /// A column that is computed when it is read, and is to be plain where it stays, has to be made
    /// anew with its values in it. They are those of its expression as long as that can be computed.
    pub(super) fn virtual_to_plain(&mut self, id: &ObjectId, previous: &Default) -> bool {
        let is_virtual = previous.generated == Some(Generated::Virtual);
        let ObjectId::Default { table, column } = id else {
            return false;
        };
        let column = ObjectId::Column {
            table: table.clone(),
            name: column.clone(),
        };
        if !is_virtual || !self.changes.next.contains(&column) {
            return false;
        }
        let needs = self.impact.previous_needs.of_object(id);
        let lost = needs
            .filter(|need| **need != column && self.changes.changes.contains_key(*need))
            .map(ObjectId::to_string)
            .next();
        match lost {
            Some(need) => self.refuse(
                &column,
                format!(
                    "its values are computed when they are read, and to keep them they have to be \
                     stored before the {need} changes: make it a stored generated column first"
                ),
            ),
            None => self.generated_anew(id),
        }
        true
    }

    pub(super) fn is_generated(&self, id: &ObjectId) -> bool {
        matches!(self.changes.previous.get(id), Some(Object::Default(default)) if default.generated.is_some())
    }
}
