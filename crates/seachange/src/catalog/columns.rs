//! Columns and their defaults.

use seachange_schema::model::{Column, Default, Generated};
use seachange_schema::{Ident, Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly, class};

#[derive(Deserialize)]
struct Row {
    relation: u32,
    number: i32,
    name: Ident,
    data_type: String,
    collation: Option<String>,
    not_null: bool,
    storage: Option<String>,
    statistics: Option<i32>,
    compression: Option<String>,
    options: Vec<String>,
    local: bool,
    comment: Option<String>,
    default_oid: Option<u32>,
    default: Option<String>,
    generated: Option<Generated>,
}

/// The rows come in order of tables, and of columns within a table.
pub(super) fn assemble(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    let mut previous = (0, 0);
    for mut row in serde_json::from_str::<Vec<Row>>(answer)? {
        let Some(table) = into.table(row.relation).cloned() else {
            continue;
        };
        // Dropped columns leave gaps in the catalog's numbers.
        let position = if previous.0 == row.relation {
            previous.1 + 1
        } else {
            1
        };
        previous = (row.relation, position);
        if let (Some(oid), Some(expression)) = (row.default_oid, row.default) {
            into.add(
                Address::whole(class::DEFAULT, oid),
                ObjectId::Default {
                    table: table.clone(),
                    column: row.name.clone(),
                },
                Object::Default(Default {
                    expression,
                    generated: row.generated,
                }),
            );
        }
        into.add(
            Address::column(row.relation, row.number),
            ObjectId::Column {
                table,
                name: row.name,
            },
            Object::Column(Column {
                position,
                data_type: row.data_type,
                collation: row.collation,
                not_null: row.not_null,
                identity: None,
                storage: row.storage,
                statistics: row.statistics,
                compression: row.compression,
                options: {
                    row.options.sort();
                    row.options
                },
                local: row.local,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}
