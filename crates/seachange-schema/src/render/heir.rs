//! Columns that a new table has from its parents.

use super::Work;
use super::column::default_of;
use super::comment::{comment_of, comment_on};
use crate::model::{Column, Object, ObjectId, Schema};
use crate::name::{Ident, Name};

/// What an object still lacks that came along with its parent's: its own comment, and where a column is
/// not as theirs.
pub(crate) fn settle(id: &ObjectId, object: &Object, schema: &Schema) -> Work {
    let mut work = Work::default();
    if let (ObjectId::Column { table, name }, Object::Column(column)) = (id, object) {
        work.statements
            .extend(overrides(table, name, column, schema, true));
        work.statements
            .extend(super::column::settings(table, name, column));
    }
    if let Some(text) = comment_of(object) {
        work.add(comment_on(id, object, Some(text)));
    }
    work
}

/// Where such a column is not as theirs: stricter, or with another
/// default. `merged` says that defaults come with the table.
pub(super) fn overrides(
    table: &Name,
    name: &Ident,
    column: &Column,
    schema: &Schema,
    merged: bool,
) -> Vec<String> {
    let Some(Object::Table(about)) = schema.get(&ObjectId::Table {
        name: table.clone(),
    }) else {
        return Vec::new();
    };
    let parents = about.partition_of.iter().map(|of| &of.parent);
    let theirs = parents.chain(&about.inherits).find_map(|parent| {
        let id = ObjectId::Column {
            table: parent.clone(),
            name: name.clone(),
        };
        match schema.get(&id) {
            Some(Object::Column(theirs)) => Some((parent, theirs)),
            _ => None,
        }
    });
    let Some((parent, theirs)) = theirs else {
        return Vec::new();
    };
    let mut statements = Vec::new();
    let mut alter = |what: &str| {
        statements.push(format!("ALTER TABLE {table} ALTER COLUMN {name} {what}"));
    };
    if column.not_null && !theirs.not_null {
        alter("SET NOT NULL");
    }
    let (own, theirs) = (
        default_of(schema, table, name),
        default_of(schema, parent, name),
    );
    match (own, theirs) {
        (None, Some(theirs)) if theirs.generated.is_none() => alter("DROP DEFAULT"),
        (Some(own), theirs)
            if merged
                && own.generated.is_none()
                && theirs.is_none_or(|theirs| theirs.expression != own.expression) =>
        {
            alter(&format!("SET DEFAULT {}", own.expression));
        }
        _ => {}
    }
    statements
}
