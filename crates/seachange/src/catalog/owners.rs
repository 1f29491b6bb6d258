//! Who owns what, where that is not the role that reads.

use seachange_schema::{Ident, Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly};

/// The one row of the answer.
#[derive(Deserialize)]
struct Row {
    reader: Ident,
    owned: Vec<Owned>,
}

#[derive(Deserialize)]
struct Owned {
    /// Class and object.
    of: (u32, u32),
    owner: Ident,
}

pub(super) fn assemble(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<Row>>(answer)? {
        into.schema.reader = Some(row.reader);
        for Owned {
            of: (class, object),
            owner,
        } in row.owned
        {
            if let Some(of) = into.get(Address::whole(class, object)) {
                let id = ObjectId::Owner {
                    of: Box::new(of.clone()),
                };
                into.schema.objects.insert(id, Object::Owner(owner));
            }
        }
    }
    Ok(())
}
