//! Views and materialized views.

use std::collections::BTreeMap;

use seachange_schema::model::View;
use seachange_schema::{Ident, Name, Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly, class};

#[derive(Deserialize)]
struct Row {
    oid: u32,
    name: Name,
    materialized: bool,
    definition: String,
    columns: Vec<(Ident, String)>,
    options: Vec<String>,
    populated: bool,
    comment: Option<String>,
    column_comments: BTreeMap<Ident, String>,
}

pub(super) fn assemble(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for mut row in serde_json::from_str::<Vec<Row>>(answer)? {
        row.options.sort();
        into.add(
            Address::whole(class::RELATION, row.oid),
            ObjectId::View { name: row.name },
            Object::View(View {
                materialized: row.materialized,
                definition: row.definition.trim_end_matches(';').to_owned(),
                columns: row.columns,
                options: row.options,
                populated: row.populated,
                comment: row.comment,
                column_comments: row.column_comments,
            }),
        );
    }
    Ok(())
}
