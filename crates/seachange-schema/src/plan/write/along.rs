//! What is made or goes along with another object's step: a table's parts, an heir's with its parent's,
//! a column's sequence.

use super::{Style, Writer};
use crate::model::{ConstraintKind, Object, ObjectId};
use crate::name::Name;
use crate::plan::heirs;
use crate::render;

impl Writer<'_> {
    /// The step of the column that a sequence hands over to an identity, or takes over from one.
    pub(super) fn handed(&self, id: &ObjectId, object: &Object) -> Option<usize> {
        let (ObjectId::Sequence { name }, Object::Sequence(sequence)) = (id, object) else {
            return None;
        };
        let (table, column) = sequence.owned_by.as_ref()?;
        let found = render::handover(table, column, self.changes)?;
        let step = self.places.altered_by.get(&ObjectId::Column {
            table: table.clone(),
            name: column.clone(),
        });
        step.copied()
            .filter(|_| found.old == *name || found.new == *name)
    }

    /// The step of another object that makes this one as well.
    pub(super) fn created_along(&self, id: &ObjectId, object: &Object) -> Option<usize> {
        let table = match id {
            ObjectId::Index { .. } => match object {
                Object::Index(index) => &index.table,
                _ => return None,
            },
            _ => id.relation()?,
        };
        let whole = self
            .places
            .created_by
            .get(&ObjectId::Table {
                name: table.clone(),
            })
            .copied();
        let parents = heirs::source(id, &self.changes.next)
            .and_then(|source| self.places.created_by.get(&source).copied());
        match (id, object) {
            (ObjectId::Column { .. }, _) => {
                whole.or(parents.filter(|_| heirs::comes_with_parent(id, self.changes)))
            }
            // A new partition gets what its parent has by then, under the name that PostgreSQL derives.
            (ObjectId::Index { .. }, _) => {
                heirs::source(id, &self.changes.next)?;
                whole.filter(|_| parents.is_none())
            }
            (ObjectId::Default { .. }, _)
                if whole.is_none() && heirs::follows(id, self.changes) =>
            {
                parents
            }
            (ObjectId::Default { column, .. }, Object::Default(default)) => {
                let added = self.places.created_by.get(&ObjectId::Column {
                    table: table.clone(),
                    name: column.clone(),
                });
                let added = added.copied().filter(|step| Some(*step) != whole);
                added
                    .or(whole
                        .filter(|_| self.style == Style::Merged || default.generated.is_some()))
            }
            (ObjectId::Constraint { .. }, Object::Constraint(constraint)) => {
                if heirs::joins_with(id, self.changes) {
                    return None;
                }
                if !constraint.local && !constraint.validated && parents.is_some() {
                    // In a new table it would be valid.
                    return parents;
                }
                let merged = self.style == Style::Merged;
                if let Some(joins) = self.joins(id) {
                    return Some(joins);
                }
                whole
                    .or(parents)
                    .filter(|_| render::inline(id, constraint, &self.changes.next, merged))
            }
            _ => None,
        }
    }

    /// The step that attaches a table that was there to a new parent: PostgreSQL gives it the keys of that.
    fn joins(&self, constraint: &ObjectId) -> Option<usize> {
        let table = constraint.relation()?;
        let source = heirs::source(constraint, &self.changes.next)?;
        let parent = source.relation()?;
        let new = !heirs::parents(&self.changes.previous, table).contains(&parent);
        let id = ObjectId::Table {
            name: table.clone(),
        };
        self.places.altered_by.get(&id).copied().filter(|_| new)
    }

    /// The step of another object that takes this one with it.
    pub(super) fn dropped_along(&self, id: &ObjectId, object: &Object) -> Option<usize> {
        let whole = |table: &Name| {
            let table_id = ObjectId::Table {
                name: table.clone(),
            };
            let view_id = ObjectId::View {
                name: table.clone(),
            };
            self.places
                .dropped_by
                .get(&table_id)
                .or_else(|| self.places.dropped_by.get(&view_id))
                .copied()
        };
        let column = |table: &Name, name: &crate::name::Ident| {
            self.places
                .dropped_by
                .get(&ObjectId::Column {
                    table: table.clone(),
                    name: name.clone(),
                })
                .copied()
        };
        let parents = heirs::source(id, &self.changes.previous)
            .and_then(|source| self.places.dropped_by.get(&source).copied())
            .filter(|_| !heirs::left(id, self.changes));
        match (id, object) {
            (ObjectId::Index { .. }, Object::Index(index)) => whole(&index.table).or(parents),
            (ObjectId::Statistics { .. }, Object::Statistics(statistics)) => {
                whole(&statistics.table)
            }
            (ObjectId::PublicationTable { publication, table }, _) => {
                let id = ObjectId::Publication {
                    name: publication.clone(),
                };
                whole(table).or_else(|| self.places.dropped_by.get(&id).copied())
            }
            (
                ObjectId::PublicationSchema {
                    publication,
                    schema,
                },
                _,
            ) => {
                let id = ObjectId::Publication {
                    name: publication.clone(),
                };
                let schema = ObjectId::Schema {
                    name: schema.clone(),
                };
                let dropped = &self.places.dropped_by;
                dropped.get(&id).or_else(|| dropped.get(&schema)).copied()
            }
            (ObjectId::Sequence { .. }, Object::Sequence(sequence)) => {
                let (table, name) = sequence.owned_by.as_ref()?;
                whole(table).or_else(|| column(table, name))
            }
            (
                ObjectId::Default {
                    table,
                    column: name,
                },
                _,
            ) => whole(table)
                .or_else(|| column(table, name))
                .or(parents.filter(|_| heirs::follows(id, self.changes))),
            (ObjectId::Column { table, .. }, _) => whole(table).or(parents),
            (ObjectId::Constraint { table, .. }, Object::Constraint(constraint))
                if constraint.kind == ConstraintKind::ForeignKey =>
            {
                whole(table)
                    .filter(|_| self.style == Style::Merged)
                    .or(parents)
            }
            (ObjectId::Constraint { table, .. }, _) => whole(table).or(parents),
            // A sequence's may go with the identity column that it is behind.
            (ObjectId::Privileges { .. } | ObjectId::Owner { .. }, _) => {
                (self.impact.previous_needs.of_object(id))
                    .find_map(|need| self.places.dropped_by.get(need).copied())
                    .or_else(|| whole(id.relation()?))
            }
            (ObjectId::DefaultPrivileges { schema, .. }, _) => {
                let schema = schema.as_ref()?;
                let id = ObjectId::Schema {
                    name: schema.clone(),
                };
                self.places.dropped_by.get(&id).copied()
            }
            _ => whole(id.relation()?),
        }
    }
}
