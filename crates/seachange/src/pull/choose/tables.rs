//! Which tables can be entities, and what their modules are called.

use std::collections::{BTreeMap, BTreeSet};

use seachange_schema::model::{ConstraintKind, Table};
use seachange_schema::name::DEFAULT_SCHEMA;
use seachange_schema::{Ident, Name, Object, ObjectId, Schema};

use super::super::names;
use super::spelled;

/// SeaORM has tuples for primary keys up to this length.
const LONGEST_KEY: usize = 12;

/// The columns of the primary key in its order, or why the table can't be an entity.
pub(super) fn key(schema: &Schema, name: &Name, table: &Table) -> Result<Vec<Ident>, String> {
    if let Some(partition) = &table.partition_of {
        let parent = partition.parent.plain();
        return Err(format!(
            "it is a partition of `{parent}`, which entities can't say"
        ));
    }
    if table.partition_by.is_some() {
        return Err("it is partitioned, which entities can't say".to_owned());
    }
    if !table.inherits.is_empty() {
        return Err("it inherits from another table, which entities can't say".to_owned());
    }
    let key = primary_key(schema, name).and_then(spelled::list);
    let Some((columns, _)) = key else {
        return Err("it has no primary key, which SeaORM asks of every entity".to_owned());
    };
    if columns.len() > LONGEST_KEY {
        let count = columns.len();
        return Err(format!(
            "its primary key has {count} columns, more than SeaORM can hold"
        ));
    }
    for column in &columns {
        let id = ObjectId::Column {
            table: name.clone(),
            name: column.clone(),
        };
        if let Some(Object::Column(column_of)) = schema.get(&id)
            && column_of.data_type.ends_with("[]")
        {
            let column = column.as_str();
            return Err(format!(
                "`{column}` of its primary key is an array, which SeaORM does not take"
            ));
        }
    }
    Ok(columns)
}

/// Whether a table's primary key is its columns and nothing more, such as INCLUDE or DEFERRABLE.
pub(super) fn is_plain(schema: &Schema, table: &Name) -> bool {
    let key = primary_key(schema, table).and_then(spelled::list);
    key.is_some_and(|(_, rest)| rest.is_empty())
}

/// `(a, b)` of the table's primary key, with what follows.
fn primary_key<'a>(schema: &'a Schema, of: &Name) -> Option<&'a str> {
    let mut constraints = schema
        .objects
        .iter()
        .filter_map(|(id, object)| match (id, object) {
            (ObjectId::Constraint { table, .. }, Object::Constraint(it)) if table == of => Some(it),
            _ => None,
        });
    let key = constraints.find(|it| it.kind == ConstraintKind::PrimaryKey)?;
    key.definition.strip_prefix("PRIMARY KEY ")
}

/// A module for each table: its name, with its schema where two tables share one.
pub(super) fn modules<'a>(
    tables: impl Iterator<Item = &'a Name> + Clone,
) -> BTreeMap<Name, String> {
    let mut taken = BTreeSet::new();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for table in tables.clone() {
        *times.entry(names::module(table.name.as_str())).or_default() += 1;
    }
    // Those of the default schema first: they keep their plain names.
    let (default, others): (Vec<&Name>, Vec<&Name>) =
        tables.partition(|table| table.schema.as_str() == DEFAULT_SCHEMA);
    let mut modules = BTreeMap::new();
    for table in default.into_iter().chain(others) {
        let mut module = names::module(table.name.as_str());
        if table.schema.as_str() != DEFAULT_SCHEMA && times[&module] > 1 {
            module = names::module(&format!(
                "{}_{}",
                table.schema.as_str(),
                table.name.as_str()
            ));
        }
        let module = names::free(module, &mut taken, names::camel);
        modules.insert(table.clone(), module);
    }
    modules
}
