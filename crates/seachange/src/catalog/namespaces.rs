//! Schemas and extensions.

use seachange_schema::model::{Extension, Namespace};
use seachange_schema::{Ident, Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly, class};

#[derive(Deserialize)]
struct SchemaRow {
    oid: u32,
    name: Ident,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct ExtensionRow {
    oid: u32,
    name: Ident,
    schema: Ident,
    version: Option<String>,
    comment: Option<String>,
}

pub(super) fn schemas(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<SchemaRow>>(answer)? {
        into.add(
            Address::whole(class::NAMESPACE, row.oid),
            ObjectId::Schema { name: row.name },
            Object::Schema(Namespace {
                comment: row.comment,
            }),
        );
    }
    Ok(())
}

pub(super) fn extensions(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<ExtensionRow>>(answer)? {
        into.add(
            Address::whole(class::EXTENSION, row.oid),
            ObjectId::Extension { name: row.name },
            Object::Extension(Extension {
                schema: row.schema,
                version: row.version,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}
