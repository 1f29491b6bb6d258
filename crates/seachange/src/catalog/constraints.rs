//! Table constraints.

use seachange_schema::model::{Constraint, ConstraintKind};
use seachange_schema::{Ident, Name, Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly, class};

#[derive(Deserialize)]
struct Row {
    oid: u32,
    relation: u32,
    name: Ident,
    kind: ConstraintKind,
    definition: String,
    /// Column numbers; 0 stands for an expression in an exclusion.
    columns: Vec<i32>,
    references: Option<Name>,
    validated: bool,
    local: bool,
    comment: Option<String>,
}

pub(super) fn assemble(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<Row>>(answer)? {
        let Some(table) = into.table(row.relation).cloned() else {
            continue;
        };
        let columns = row
            .columns
            .iter()
            .filter_map(|&number| into.column(row.relation, number))
            .map(|(_, column)| column.clone())
            .collect();
        into.add(
            Address::whole(class::CONSTRAINT, row.oid),
            ObjectId::Constraint {
                table,
                name: row.name,
            },
            Object::Constraint(Constraint {
                kind: row.kind,
                definition: row.definition,
                columns,
                references: row.references,
                validated: row.validated,
                local: row.local,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}
