//! What belongs to the database and to no schema: publications with their members, event triggers.

use seachange_schema::model::{EventTrigger, Publication, PublicationTable};
use seachange_schema::{Ident, Name, Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly, class};

#[derive(Deserialize)]
struct PublicationRow {
    oid: u32,
    name: Ident,
    all_tables: bool,
    publish: String,
    via_root: bool,
    generated: Option<String>,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct TableRow {
    oid: u32,
    publication: u32,
    table: Name,
    #[serde(flatten)]
    member: PublicationTable,
}

#[derive(Deserialize)]
struct SchemaRow {
    oid: u32,
    publication: u32,
    schema: Ident,
}

#[derive(Deserialize)]
struct EventTriggerRow {
    oid: u32,
    name: Ident,
    #[serde(flatten)]
    trigger: EventTrigger,
}

/// What a publication publishes when nobody says which operations (PostgreSQL manual, CREATE PUBLICATION).
const EVERYTHING: &str = "insert, update, delete, truncate";

pub(super) fn publications(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<PublicationRow>>(answer)? {
        let options = [
            ("publish", Some(row.publish).filter(|all| all != EVERYTHING)),
            ("publish_generated_columns", row.generated),
            (
                "publish_via_partition_root",
                row.via_root.then(|| "true".to_owned()),
            ),
        ];
        let options = options
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)))
            .collect();
        into.add(
            Address::whole(class::PUBLICATION, row.oid),
            ObjectId::Publication { name: row.name },
            Object::Publication(Publication {
                all_tables: row.all_tables,
                options,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}

fn publication(oid: u32, into: &Assembly) -> Option<Ident> {
    match into.get(Address::whole(class::PUBLICATION, oid))? {
        ObjectId::Publication { name } => Some(name.clone()),
        _ => None,
    }
}

pub(super) fn tables(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<TableRow>>(answer)? {
        let Some(publication) = publication(row.publication, into) else {
            continue;
        };
        into.add(
            Address::whole(class::PUBLICATION_TABLE, row.oid),
            ObjectId::PublicationTable {
                publication,
                table: row.table,
            },
            Object::PublicationTable(row.member),
        );
    }
    Ok(())
}

pub(super) fn schemas(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<SchemaRow>>(answer)? {
        let Some(publication) = publication(row.publication, into) else {
            continue;
        };
        into.add(
            Address::whole(class::PUBLICATION_SCHEMA, row.oid),
            ObjectId::PublicationSchema {
                publication,
                schema: row.schema,
            },
            Object::PublicationSchema,
        );
    }
    Ok(())
}

pub(super) fn event_triggers(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<EventTriggerRow>>(answer)? {
        into.add(
            Address::whole(class::EVENT_TRIGGER, row.oid),
            ObjectId::EventTrigger { name: row.name },
            Object::EventTrigger(row.trigger),
        );
    }
    Ok(())
}
