//! Partitions that something else makes, and what hangs on them.

use std::collections::BTreeSet;

use super::{Object, ObjectId, Schema, Table};
use crate::name::Name;

impl Schema {
    /// The same without the partitions, at any depth, of tables that `made_elsewhere` names and without all
    /// that is a part of them, but for those that are `declared`.
    pub fn without_partitions(
        &self,
        made_elsewhere: impl Fn(&Name) -> bool,
        declared: impl Fn(&ObjectId) -> bool,
    ) -> Self {
        let mut gone: BTreeSet<Name> = BTreeSet::new();
        loop {
            let found: Vec<Name> = (self.tables())
                .filter(|(name, table)| {
                    !gone.contains(*name)
                        && !declared(&ObjectId::Table {
                            name: Name::clone(name),
                        })
                        && parent(table)
                            .is_some_and(|parent| made_elsewhere(parent) || gone.contains(parent))
                })
                .map(|(name, _)| name.clone())
                .collect();
            if found.is_empty() {
                break;
            }
            gone.extend(found);
        }
        if gone.is_empty() {
            return self.clone();
        }
        let mut rest = self.clone();
        rest.objects.retain(|id, object| {
            let of = match (id, object) {
                (ObjectId::Table { name }, _) => Some(name),
                (_, Object::Index(index)) => Some(&index.table),
                (_, Object::Statistics(statistics)) => Some(&statistics.table),
                (_, Object::Sequence(sequence)) => {
                    sequence.owned_by.as_ref().map(|(table, _)| table)
                }
                _ => id.relation(),
            };
            of.is_none_or(|table| !gone.contains(table))
        });
        let left = &rest.objects;
        rest.depends.retain(|id, needs| {
            needs.retain(|need| left.contains_key(need));
            left.contains_key(id)
        });
        rest
    }
}

fn parent(table: &Table) -> Option<&Name> {
    table.partition_of.as_ref().map(|of| &of.parent)
}
