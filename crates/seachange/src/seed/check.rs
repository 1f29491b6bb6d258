//! What can be known before a row is loaded: whether the database has what the plan fills, and the plan what
//! the database asks for.

use std::collections::BTreeSet;

use seachange_schema::model::{Object, ObjectId};
use seachange_schema::{Ident, Name, Schema};

use super::error::SeedError;
use super::table::Planned;

/// The columns of each table that are loaded: all but those that PostgreSQL generates and those that come
/// later.
pub(super) fn columns(
    tables: &[&dyn Planned],
    schema: &Schema,
) -> Result<Vec<Vec<usize>>, SeedError> {
    let mut names = BTreeSet::new();
    for table in tables {
        if !names.insert(table.name()) {
            return Err(SeedError::Twice {
                table: table.name().plain(),
            });
        }
    }
    tables
        .iter()
        .map(|table| columns_of(*table, schema))
        .collect()
}

fn columns_of(table: &dyn Planned, schema: &Schema) -> Result<Vec<usize>, SeedError> {
    let name = table.name();
    if !schema.contains(&ObjectId::Table { name: name.clone() }) {
        return Err(SeedError::NoTable {
            table: name.plain(),
        });
    }
    let there = schema.columns(name);
    for (column, about) in &there {
        let planned = table.columns().contains(&column.as_str());
        let filled = about.identity.is_some() || default(schema, name, column).is_some();
        if !planned && about.not_null && !filled {
            return Err(SeedError::Unplanned {
                table: name.plain(),
                column: column.as_str().to_owned(),
            });
        }
    }
    let mut loaded = Vec::new();
    for (place, column) in table.columns().iter().enumerate() {
        let Some((ident, about)) = there.iter().find(|(ident, _)| ident.as_str() == *column) else {
            return Err(SeedError::NoColumn {
                table: name.plain(),
                column: (*column).to_owned(),
            });
        };
        let later = table.later().iter().any(|later| later.column == place);
        if later && about.not_null {
            return Err(SeedError::Later {
                table: name.plain(),
                column: (*column).to_owned(),
            });
        }
        let generated =
            default(schema, name, ident).is_some_and(|default| default.generated.is_some());
        if !later && !generated {
            loaded.push(place);
        }
    }
    Ok(loaded)
}

fn default<'a>(
    schema: &'a Schema,
    table: &Name,
    column: &Ident,
) -> Option<&'a seachange_schema::model::Default> {
    let id = ObjectId::Default {
        table: table.clone(),
        column: column.clone(),
    };
    match schema.get(&id) {
        Some(Object::Default(default)) => Some(default),
        _ => None,
    }
}
