//! Columns that tables have from those they inherit from.

use crate::change::Changes;
use crate::model::{Column, Object, ObjectId, Table};
use crate::name::{Ident, Name};

/// Dropping a column that heirs have from this table. Those of them that keep it keep its values:
/// `DROP COLUMN` on the table alone makes it their own (PostgreSQL manual, "ALTER TABLE"). None where no
/// heir keeps it, and it goes from all of them with the table's.
pub(super) fn drop_column(table: &Name, column: &Ident, changes: &Changes) -> Option<Vec<String>> {
    let (kept, gone): (Vec<&Name>, Vec<&Name>) = changes
        .previous
        .tables()
        .filter(|(_, heir)| heir.inherits.contains(table))
        .map(|(name, _)| name)
        .partition(|heir| changes.next.contains(&id(heir, column)));
    if kept.is_empty() {
        return None;
    }
    let mut statements = vec![format!("ALTER TABLE ONLY {table} DROP COLUMN {column}")];
    for heir in gone {
        if changes
            .next
            .contains(&ObjectId::Table { name: heir.clone() })
        {
            statements.push(format!("ALTER TABLE {heir} DROP COLUMN {column}"));
        }
    }
    Some(statements)
}

/// Why a column can't become one that its table only has from its parents; None where it can, or needn't.
pub(super) fn refused(
    table: &Name,
    previous: &Column,
    next: &Column,
    changes: &Changes,
) -> Option<String> {
    let becomes = previous.local && !next.local;
    // A table's columns are its own no longer once it is attached as a partition.
    let attached = partition_of(changes, table);
    (becomes && !attached).then(|| {
        "a column of the table's own can't become one that it only has from its parents".to_owned()
    })
}

fn partition_of(changes: &Changes, table: &Name) -> bool {
    let id = ObjectId::Table {
        name: table.clone(),
    };
    matches!(
        changes.next.get(&id),
        Some(Object::Table(Table {
            partition_of: Some(_),
            ..
        }))
    )
}

fn id(table: &Name, column: &Ident) -> ObjectId {
    ObjectId::Column {
        table: table.clone(),
        name: column.clone(),
    }
}
