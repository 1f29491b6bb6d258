//! Columns that tables have from those they inherit from.

use crate::change::Changes;
use crate::model::{Column, ConstraintKind, Index, Object, ObjectId, Schema, Table};
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
    (becomes && !attached).then(|| OWN_TO_INHERITED.to_owned())
}

/// The same of a new column: a table has to have what its new parents have before it inherits from them,
/// and then has it of its own.
pub(super) fn refused_new(id: &ObjectId, column: &Column, changes: &Changes) -> Option<String> {
    let table = id.relation()?;
    let there = changes.previous.contains(&ObjectId::Table {
        name: table.clone(),
    });
    let own = column.local || !there || partition_of(changes, table);
    (!own && !comes_with_parent(id, changes)).then(|| OWN_TO_INHERITED.to_owned())
}

const OWN_TO_INHERITED: &str =
    "a column of the table's own can't become one that it only has from its parents";

/// The parent's object that a part of a partition or an heir comes from, where it does.
pub(super) fn source(id: &ObjectId, schema: &Schema) -> Option<ObjectId> {
    match (id, schema.get(id)?) {
        (ObjectId::Column { table, name }, Object::Column(column)) if !column.local => {
            parents(schema, table)
                .into_iter()
                .map(|parent| self::id(parent, name))
                .find(|theirs| schema.contains(theirs))
        }
        (ObjectId::Default { table, column }, _) => {
            match source(&self::id(table, column), schema)? {
                ObjectId::Column { table, name } => Some(ObjectId::Default {
                    table,
                    column: name,
                }),
                _ => None,
            }
        }
        (ObjectId::Index { .. }, Object::Index(index)) => {
            let name = index.parent.clone()?;
            Some(ObjectId::Index { name })
        }
        (ObjectId::Constraint { table, name }, Object::Constraint(constraint))
            if !constraint.local =>
        {
            let parents = parents(schema, table);
            let theirs = |id: &&ObjectId| match id {
                ObjectId::Constraint { table, .. } => parents.contains(&table),
                _ => false,
            };
            // A partition's key depends on its parent's; a check has its parent's name.
            schema.needs(id).find(theirs).cloned().or_else(|| {
                parents
                    .iter()
                    .map(|parent| ObjectId::Constraint {
                        table: (*parent).clone(),
                        name: name.clone(),
                    })
                    .find(|id| schema.contains(id))
            })
        }
        _ => None,
    }
}

/// Whether a new column of a table that is there comes with its parent's, since that is its parent already.
pub(super) fn comes_with_parent(column: &ObjectId, changes: &Changes) -> bool {
    let theirs = source(column, &changes.next);
    match (column, theirs) {
        (ObjectId::Column { table, .. }, Some(ObjectId::Column { table: parent, .. })) => {
            parents(&changes.previous, table).contains(&&parent)
        }
        _ => false,
    }
}

/// Whether a part of a table comes from a parent that the table leaves: it stays behind, as the table's own.
pub(super) fn left(part: &ObjectId, changes: &Changes) -> bool {
    let of = |id: &ObjectId| match changes.previous.get(id) {
        Some(Object::Index(index)) => Some(index.table.clone()),
        _ => id.relation().cloned(),
    };
    let theirs = source(part, &changes.previous);
    match (of(part), theirs.and_then(|theirs| of(&theirs))) {
        (Some(table), Some(parent)) => {
            let id = ObjectId::Table {
                name: table.clone(),
            };
            changes.next.contains(&id) && !parents(&changes.next, &table).contains(&&parent)
        }
        _ => false,
    }
}

/// Whether a table that was there gets parents, and leaves none.
pub(super) fn joins(table: &ObjectId, changes: &Changes) -> bool {
    let ObjectId::Table { name } = table else {
        return false;
    };
    let before = parents(&changes.previous, name);
    let after = parents(&changes.next, name);
    changes.previous.contains(table)
        && after.len() > before.len()
        && before.iter().all(|parent| after.contains(parent))
}

/// Whether a part of a table that was there is what the table's new parent has: then the table has it first, of its own,
/// and joins with it.
pub(super) fn joins_with(part: &ObjectId, changes: &Changes) -> bool {
    let of = |id: &ObjectId| match changes.next.get(id) {
        Some(Object::Index(index)) => Some(index.table.clone()),
        _ => id.relation().cloned(),
    };
    let theirs = source(part, &changes.next);
    match (of(part), theirs.and_then(|theirs| of(&theirs))) {
        (Some(table), Some(parent)) => {
            !parents(&changes.previous, &table).contains(&&parent)
                && joins(&ObjectId::Table { name: table }, changes)
        }
        _ => false,
    }
}

/// Whether an index only becomes its parent's or its table's own, as the table joins or leaves a parent: PostgreSQL sees
/// to that.
pub(super) fn stays_as_index(
    id: &ObjectId,
    previous: &Object,
    next: &Object,
    changes: &Changes,
) -> bool {
    let (Object::Index(before), Object::Index(after)) = (previous, next) else {
        return false;
    };
    let moved = Index {
        parent: after.parent.clone(),
        ..before.clone()
    };
    let leaves = after.parent.is_none() && left(id, changes);
    let joins = before.parent.is_none() && joins_with(id, changes);
    moved == *after && (leaves || joins)
}

/// How many parents up an object comes from.
pub(super) fn generation(id: &ObjectId, schema: &Schema) -> usize {
    let mut generation = 0;
    let mut current = source(id, schema);
    while let Some(id) = current {
        generation += 1;
        current = source(&id, schema);
    }
    generation
}

/// Whether every heir's default changes as its parent's does: then one statement reaches all of them.
/// Else each table gets its own.
pub(super) fn follow(default: &ObjectId, changes: &Changes) -> bool {
    heirs_of(default, changes).iter().all(|heirs| {
        changes.previous.get(heirs) == changes.previous.get(default)
            && changes.next.get(heirs) == changes.next.get(default)
            && follow(heirs, changes)
    })
}

/// Whether a default changes along with that of the table that its column comes from.
pub(super) fn follows(default: &ObjectId, changes: &Changes) -> bool {
    let ObjectId::Default { table, column } = default else {
        return false;
    };
    let column = id(table, column);
    let (Some(before), Some(after)) = (
        source(&column, &changes.previous),
        source(&column, &changes.next),
    ) else {
        return false;
    };
    let ObjectId::Column { table, name } = &before else {
        return false;
    };
    let theirs = ObjectId::Default {
        table: table.clone(),
        column: name.clone(),
    };
    before == after
        && changes.changes.contains_key(&theirs)
        && (follows(&theirs, changes) || follow(&theirs, changes))
}

/// The same default in the tables that have the column from this one, before and after.
fn heirs_of(default: &ObjectId, changes: &Changes) -> Vec<ObjectId> {
    let ObjectId::Default { table, column } = default else {
        return Vec::new();
    };
    changes
        .previous
        .tables()
        .map(|(name, _)| name)
        .filter(|heir| parents(&changes.previous, heir).contains(&table))
        .filter(|heir| parents(&changes.next, heir).contains(&table))
        .map(|heir| ObjectId::Default {
            table: heir.clone(),
            column: column.clone(),
        })
        .collect()
}

/// Statements about a default that reach this table alone, since its heirs have their own.
pub(super) fn alone(statements: &mut [String], table: &Name) {
    let all = format!("ALTER TABLE {table} ALTER COLUMN ");
    for statement in statements {
        if let Some(rest) = statement.strip_prefix(&all)
            && !rest.ends_with("DROP EXPRESSION")
        {
            *statement = format!("ALTER TABLE ONLY {table} ALTER COLUMN {rest}");
        }
    }
}

/// An heir's column as its parent's change leaves it: that reaches it before its own.
pub(super) fn reached(column: &ObjectId, changes: &Changes) -> Option<Column> {
    let theirs = source(column, &changes.previous)
        .filter(|theirs| source(column, &changes.next).as_ref() == Some(theirs))?;
    let (Some(Object::Column(own)), Some(Object::Column(wanted))) =
        (changes.previous.get(column), changes.next.get(column))
    else {
        return None;
    };
    let (Some(Object::Column(before)), Some(Object::Column(after))) =
        (changes.previous.get(&theirs), changes.next.get(&theirs))
    else {
        return None;
    };
    // The parent's own parents reach it first.
    let before = before.clone();
    let mut reached = own.clone();
    reached.data_type.clone_from(&wanted.data_type);
    reached.collation.clone_from(&wanted.collation);
    let passes = before.data_type != after.data_type;
    if before.not_null != after.not_null && (after.not_null || !has_key(column, changes)) {
        reached.not_null = after.not_null;
    }
    if passes || before.storage != after.storage {
        reached.storage.clone_from(&after.storage);
    }
    if before.statistics != after.statistics {
        reached.statistics = after.statistics;
    }
    Some(reached)
}

/// Whether a partition's primary key covers the column: where the partition got it before its parent did, the NOT NULL
/// is its own since PostgreSQL 18, and stays when the parent's goes.
fn has_key(column: &ObjectId, changes: &Changes) -> bool {
    let ObjectId::Column { table, name } = column else {
        return false;
    };
    let id = ObjectId::Table {
        name: table.clone(),
    };
    let whole = matches!(changes.previous.get(&id), Some(Object::Table(table)) if table.partition_by.is_none());
    whole
        && changes.previous.objects.iter().any(|(id, object)| {
            matches!((id, object), (ObjectId::Constraint { table: of, .. }, Object::Constraint(key))
                if of == table && key.kind == ConstraintKind::PrimaryKey && key.columns.contains(name))
        })
}

/// Why a column's type can't change: it says where rows belong.
pub(super) fn partition_key(table: &Name, column: &Ident, schema: &Schema) -> Option<String> {
    let id = ObjectId::Table {
        name: table.clone(),
    };
    let Some(Object::Table(Table {
        partition_by: Some(key),
        ..
    })) = schema.get(&id)
    else {
        return None;
    };
    let quoted = column.to_string();
    let named = key.contains(&quoted)
        || key
            .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
            .any(|word| word == column.as_str());
    named.then(|| {
        "a column of a partition key can't change its type: make a new table, copy the rows over, \
         and exchange the names (`generate --empty NAME`)"
            .to_owned()
    })
}

/// The tables that a table is a partition of or inherits from.
pub(super) fn parents<'a>(schema: &'a Schema, table: &Name) -> Vec<&'a Name> {
    let id = ObjectId::Table {
        name: table.clone(),
    };
    match schema.get(&id) {
        Some(Object::Table(table)) => {
            let partitioned = table.partition_of.iter().map(|of| &of.parent);
            partitioned.chain(&table.inherits).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a table has `ancestor` among its parents, at any height.
pub(super) fn descends(schema: &Schema, table: &Name, ancestor: &Name) -> bool {
    parents(schema, table)
        .into_iter()
        .any(|parent| parent == ancestor || descends(schema, parent, ancestor))
}

/// The table that a table is a partition of.
pub(super) fn partitioned<'a>(id: &ObjectId, schema: &'a Schema) -> Option<&'a Name> {
    match (id, schema.get(id)) {
        (ObjectId::Table { .. }, Some(Object::Table(table))) => {
            table.partition_of.as_ref().map(|of| &of.parent)
        }
        _ => None,
    }
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
