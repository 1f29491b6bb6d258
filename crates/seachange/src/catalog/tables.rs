//! Tables' own facts.

use seachange_schema::model::{Partition, Persistence, Table};
use seachange_schema::{Name, Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly, class};

#[derive(Deserialize)]
struct Row {
    oid: u32,
    name: Name,
    persistence: Persistence,
    parameters: Vec<String>,
    partition_by: Option<String>,
    bound: Option<String>,
    parents: Vec<Name>,
    row_security: bool,
    force_row_security: bool,
    comment: Option<String>,
}

pub(super) fn assemble(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for mut row in serde_json::from_str::<Vec<Row>>(answer)? {
        row.parameters.sort();
        // A partition has a bound, and its one parent is the table it is a partition of.
        let partition_of = row.bound.and_then(|bound| {
            let parent = row.parents.pop()?;
            Some(Partition { parent, bound })
        });
        into.add(
            Address::whole(class::RELATION, row.oid),
            ObjectId::Table { name: row.name },
            Object::Table(Table {
                persistence: row.persistence,
                parameters: row.parameters,
                partition_by: row.partition_by,
                partition_of,
                inherits: row.parents,
                row_security: row.row_security,
                force_row_security: row.force_row_security,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}
