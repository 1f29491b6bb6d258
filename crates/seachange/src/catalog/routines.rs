//! Functions, procedures, window functions and aggregates.

use seachange_schema::model::{Function, FunctionKind};
use seachange_schema::{Name, Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly, class};

#[derive(Deserialize)]
struct FunctionRow {
    oid: u32,
    name: Name,
    kind: FunctionKind,
    identity: String,
    /// None for an aggregate.
    definition: Option<String>,
    arguments: String,
    result: Option<String>,
    sql_body: bool,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct AggregateRow {
    oid: u32,
    definition: String,
}

pub(super) fn functions(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<FunctionRow>>(answer)? {
        let definition = row.definition.unwrap_or_default();
        into.add(
            Address::whole(class::FUNCTION, row.oid),
            ObjectId::Function {
                name: row.name,
                arguments: row.identity,
            },
            Object::Function(Function {
                kind: row.kind,
                definition: definition.trim_end().to_owned(),
                arguments: row.arguments,
                result: row.result,
                sql_body: row.sql_body,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}

/// Gives the aggregates among the functions their definitions.
pub(super) fn aggregates(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<AggregateRow>>(answer)? {
        let id = into.get(Address::whole(class::FUNCTION, row.oid)).cloned();
        let object = id.and_then(|id| into.schema.objects.get_mut(&id));
        if let Some(Object::Function(function)) = object {
            function.definition = row.definition;
        }
    }
    Ok(())
}
