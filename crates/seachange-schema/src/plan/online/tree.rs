//! The partitions of a table in use, level by level: what a key or a foreign key of the whole table is made on first.

use super::Ground;
use crate::model::{Constraint, Object, ObjectId};
use crate::name::{Ident, Name};
use crate::plan::heirs;

/// A partition's own of a constraint that its parent gets, the levels from above.
pub(super) struct Branch<'a> {
    pub(super) table: &'a Name,
    pub(super) name: &'a Ident,
    pub(super) constraint: &'a Constraint,
    /// Its parent's.
    pub(super) parent: ObjectId,
    /// Whether its rows are in partitions of its own.
    pub(super) divided: bool,
    /// Whether the partition has it already.
    pub(super) stays: bool,
}

/// What the partitions that are there get with a constraint of their parent. None where one of them comes or goes in
/// another way than whole, or has something else under the name.
pub(super) fn branches<'a>(ground: &Ground<'a>, root: &ObjectId) -> Option<Vec<Branch<'a>>> {
    let (previous, next) = (&ground.changes.previous, &ground.changes.next);
    let table = root.relation()?;
    for (name, _) in previous.tables() {
        let leaves = next.contains(&ObjectId::Table { name: name.clone() })
            && heirs::parents(previous, name) != heirs::parents(next, name);
        if leaves && heirs::descends(previous, name, table) {
            return None;
        }
    }
    let mut found = Vec::new();
    let mut waiting = vec![root.clone()];
    while let Some(parent) = waiting.pop() {
        for (name, _) in previous.tables() {
            if heirs::parents(previous, name) != [parent.relation()?]
                || !next.contains(&ObjectId::Table { name: name.clone() })
            {
                continue;
            }
            let (id, constraint) = next.objects.iter().find_map(|(id, object)| {
                let Object::Constraint(constraint) = object else {
                    return None;
                };
                let own = id.relation() == Some(name)
                    && heirs::source(id, next).as_ref() == Some(&parent);
                own.then_some((id, constraint))
            })?;
            let ObjectId::Constraint { table, name } = id else {
                return None;
            };
            let stays = match previous.get(id) {
                Some(Object::Constraint(before)) if !ground.is_anew(id) => {
                    if before.definition != constraint.definition {
                        return None;
                    }
                    true
                }
                _ => false,
            };
            found.push(Branch {
                table,
                name,
                constraint,
                parent: parent.clone(),
                divided: ground.is_partitioned(table),
                stays,
            });
            waiting.push(id.clone());
        }
    }
    Some(found)
}
