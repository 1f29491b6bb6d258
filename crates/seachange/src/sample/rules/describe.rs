//! The columns that rules are made for, and the foreign keys that join them.

use std::collections::{BTreeMap, BTreeSet};

use seachange_schema::model::ConstraintKind;
use seachange_schema::{Object, ObjectId, Schema};

use crate::sample::masking::{ColumnName, Declared};
use crate::sample::tables::{Table, constraints};
use crate::sample::types::{self, Type};

/// A column and all that decides its rule.
pub(super) struct Column {
    pub(super) name: ColumnName,
    pub(super) data_type: String,
    pub(super) of: Type,
    pub(super) not_null: bool,
    /// Whether a key, a unique constraint or a unique index covers it.
    pub(super) unique: bool,
    pub(super) declared: Option<Declared>,
}

/// From a column to one that it refers to, by their places.
pub(super) type Link = (usize, usize);

/// In the order of tables and of each table's columns.
pub(super) fn columns(schema: &Schema, tables: &[Table]) -> Vec<Column> {
    let unique = unique(schema);
    let mut found = Vec::new();
    for table in tables {
        let all: BTreeMap<_, _> = schema.columns(&table.name).into_iter().collect();
        for name in &table.columns {
            let Some(column) = all.get(name) else {
                continue;
            };
            let id = ObjectId::Column {
                table: table.name.clone(),
                name: name.clone(),
            };
            let name = ColumnName::of(table.name.clone(), name);
            found.push(Column {
                data_type: column.data_type.clone(),
                of: types::of(schema, &id, &column.data_type),
                not_null: column.not_null,
                unique: unique.contains(&name),
                declared: None,
                name,
            });
        }
    }
    found
}

pub(super) fn links(columns: &[Column], tables: &[Table]) -> Vec<Link> {
    let places: BTreeMap<&ColumnName, usize> = columns
        .iter()
        .enumerate()
        .map(|(place, column)| (&column.name, place))
        .collect();
    let mut links = Vec::new();
    for table in tables {
        for key in &table.foreign_keys {
            let parent = &tables[key.parent].name;
            for (column, referenced) in key.columns.iter().zip(&key.parent_columns) {
                let from = ColumnName::of(table.name.clone(), column);
                let to = ColumnName::of(parent.clone(), referenced);
                // A generated column has no rule.
                if let (Some(&from), Some(&to)) = (places.get(&from), places.get(&to)) {
                    links.push((from, to));
                }
            }
        }
    }
    links
}

fn unique(schema: &Schema) -> BTreeSet<ColumnName> {
    let mut unique = BTreeSet::new();
    for kind in [ConstraintKind::PrimaryKey, ConstraintKind::Unique] {
        for (table, _, constraint) in constraints(schema, kind) {
            let columns = constraint.columns.iter();
            unique.extend(columns.map(|column| ColumnName::of(table.clone(), column)));
        }
    }
    for (id, object) in &schema.objects {
        if !matches!(object, Object::Index(index) if index.unique) {
            continue;
        }
        unique.extend(schema.needs(id).filter_map(|needed| match needed {
            ObjectId::Column { table, name } => Some(ColumnName::of(table.clone(), name)),
            _ => None,
        }));
    }
    unique
}
