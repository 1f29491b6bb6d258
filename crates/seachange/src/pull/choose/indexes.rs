//! Indexes over whole columns, which stand beside an entity; all others are SQL.

use std::collections::BTreeSet;

use seachange_schema::{Ident, Name, Object, ObjectId, Schema};

use super::super::declared::{Field, Index};
use super::spelled;

/// Marks what attributes say, and gives the indexes that they don't.
pub(super) fn declare(schema: &Schema, table: &Name, fields: &mut [Field]) -> Vec<Index> {
    let mut declared = Vec::new();
    for (id, object) in &schema.objects {
        let (ObjectId::Index { name }, Object::Index(index)) = (id, object) else {
            continue;
        };
        if index.table != *table || index.parent.is_some() || !index.valid {
            continue;
        }
        let columns = index.definition.strip_prefix("btree ");
        let Some((columns, "")) = columns.and_then(spelled::list) else {
            continue;
        };
        // SeaORM doesn't quote what is in an index's name.
        let Some(places) = places(&columns, fields).filter(|_| !name.name.as_str().contains('"'))
        else {
            continue;
        };
        if by_attribute(table, &name.name, index.unique, &places, fields) {
            continue;
        }
        declared.push(Index {
            name: name.name.as_str().to_owned(),
            unique: index.unique,
            variants: places
                .iter()
                .map(|at| fields[*at].variant.clone())
                .collect(),
            columns,
        });
    }
    declared
}

/// An expression such as `lower(email)` is no column; neither may be a key word that looks like one.
fn places(columns: &[Ident], fields: &[Field]) -> Option<Vec<usize>> {
    columns
        .iter()
        .map(|column| fields.iter().position(|field| field.column == *column))
        .collect()
}

/// `indexed` and `unique_key` bring their own names along.
fn by_attribute(
    table: &Name,
    name: &Ident,
    unique: bool,
    places: &[usize],
    fields: &mut [Field],
) -> bool {
    let prefix = format!("idx-{}-", table.name.as_str());
    let Some(rest) = name.as_str().strip_prefix(&prefix) else {
        return false;
    };
    if !unique {
        let &[at] = places else { return false };
        let field = &mut fields[at];
        let said = rest == field.column.as_str() && !field.unique;
        field.indexed |= said;
        return said;
    }
    let word = rest.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let in_order = places.is_sorted();
    let taken: BTreeSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let free = places.iter().all(|at| fields[*at].unique_key.is_none());
    if !word || !in_order || !free || rest.starts_with('_') || taken.contains(rest) {
        return false;
    }
    for at in places {
        fields[*at].unique_key = Some(rest.to_owned());
    }
    true
}
