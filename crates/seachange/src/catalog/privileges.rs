//! Privileges on objects, and those that new objects are born with.

use seachange_schema::model::{Grantee, NewObjects, Privileges};
use seachange_schema::{Ident, Name, Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly};

#[derive(Deserialize)]
struct Row {
    /// Class, object and part.
    of: (u32, u32, i32),
    grantee: Grantee,
    #[serde(flatten)]
    privileges: Privileges,
    sequence: Option<Name>,
    /// The identity column that the sequence is a part of.
    identity: Option<(u32, u32, i32)>,
    /// A column of a view, which is no object of its own.
    view_column: Option<Ident>,
}

#[derive(Deserialize)]
struct DefaultRow {
    role: Option<Ident>,
    schema: Option<Ident>,
    on: NewObjects,
    grantee: Grantee,
    #[serde(flatten)]
    privileges: Privileges,
}

pub(super) fn assemble(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<Row>>(answer)? {
        let found = |(class, object, part)| into.get(Address::part(class, object, part)).cloned();
        let column = row.identity.and_then(found);
        let of = match (&column, row.sequence, row.view_column) {
            (Some(_), Some(name), _) => Some(ObjectId::Sequence { name }),
            (_, _, Some(name)) => match found((row.of.0, row.of.1, 0)) {
                Some(ObjectId::View { name: table }) => Some(ObjectId::Column { table, name }),
                _ => None,
            },
            _ => found(row.of),
        };
        let Some(of) = of else { continue };
        let id = ObjectId::Privileges {
            of: Box::new(of),
            to: row.grantee,
        };
        if let Some(column) = column {
            let needs = into.schema.depends.entry(id.clone()).or_default();
            needs.insert(column);
        }
        into.schema
            .objects
            .insert(id, Object::Privileges(row.privileges));
    }
    Ok(())
}

pub(super) fn defaults(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<DefaultRow>>(answer)? {
        into.schema.objects.insert(
            ObjectId::DefaultPrivileges {
                role: row.role,
                schema: row.schema,
                on: row.on,
                to: row.grantee,
            },
            Object::DefaultPrivileges(row.privileges),
        );
    }
    Ok(())
}
