//! Sequences: those that stand by themselves, and those that are a part of an identity column.

use seachange_schema::model::{Identity, Sequence, SequenceOptions};
use seachange_schema::{Name, Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly, class};

#[derive(Deserialize)]
struct Row {
    oid: u32,
    name: Name,
    #[serde(flatten)]
    options: SequenceOptions,
    unlogged: bool,
    /// The column that owns it.
    relation: Option<u32>,
    number: Option<i32>,
    /// `pg_attribute.attidentity`: `a` always, `d` by default; only of an identity column.
    identity: Option<char>,
    comment: Option<String>,
}

pub(super) fn assemble(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<Row>>(answer)? {
        let owner = row.relation.zip(row.number);
        if let Some(kind) = row.identity {
            let address = owner.map(|(relation, number)| Address::column(relation, number));
            let id = address.and_then(|address| into.get(address)).cloned();
            let object = id.and_then(|id| into.schema.objects.get_mut(&id));
            if let Some(Object::Column(column)) = object {
                column.identity = Some(Identity {
                    always: kind == 'a',
                    sequence: row.name.name,
                    options: row.options,
                });
            }
            continue;
        }
        let owned_by = owner
            .and_then(|(relation, number)| into.column(relation, number))
            .map(|(table, column)| (table.clone(), column.clone()));
        into.add(
            Address::whole(class::RELATION, row.oid),
            ObjectId::Sequence { name: row.name },
            Object::Sequence(Sequence {
                options: row.options,
                unlogged: row.unlogged,
                owned_by,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}
