//! What an object is born with, under the default privileges of a schema.

use std::collections::BTreeMap;

use super::{Grantee, NewObjects, Object, ObjectId, Privileges, Schema};
use crate::name::Ident;

impl Schema {
    /// The privileges that a new object has by itself when whoever runs the migrations makes it, beyond those
    /// of a database where nobody said anything about new objects (PostgreSQL manual, ALTER DEFAULT PRIVILEGES).
    pub fn born(&self, of: &ObjectId) -> BTreeMap<Grantee, Privileges> {
        let mut born: BTreeMap<Grantee, Privileges> = BTreeMap::new();
        let Some((kind, schema)) = class(of) else {
            return born;
        };
        let first = ObjectId::DefaultPrivileges {
            role: None,
            schema: None,
            on: NewObjects::Tables,
            to: Grantee::Public,
        };
        for (id, object) in self.objects.range(first..) {
            let (
                ObjectId::DefaultPrivileges {
                    role: None,
                    schema: of,
                    on,
                    to,
                },
                Object::DefaultPrivileges(found),
            ) = (id, object)
            else {
                break;
            };
            if *on == kind && (of.is_none() || of.as_ref() == schema) {
                let held = born.entry(to.clone()).or_default();
                for (privilege, grantable) in &found.granted {
                    *held.granted.entry(privilege.clone()).or_default() |= grantable;
                }
                held.revoked.extend(found.revoked.iter().cloned());
            }
        }
        for held in born.values_mut() {
            // What one schema's default privileges give again is not taken.
            let again: Vec<String> = (held.revoked.iter())
                .filter(|privilege| held.granted.contains_key(*privilege))
                .cloned()
                .collect();
            for privilege in again {
                held.revoked.remove(&privilege);
                held.granted.remove(&privilege);
            }
        }
        born
    }
}

fn class(of: &ObjectId) -> Option<(NewObjects, Option<&Ident>)> {
    match of {
        ObjectId::Table { name } | ObjectId::View { name } => {
            Some((NewObjects::Tables, Some(&name.schema)))
        }
        ObjectId::Sequence { name } => Some((NewObjects::Sequences, Some(&name.schema))),
        ObjectId::Function { name, .. } => Some((NewObjects::Functions, Some(&name.schema))),
        ObjectId::Type { name } => Some((NewObjects::Types, Some(&name.schema))),
        ObjectId::Schema { .. } => Some((NewObjects::Schemas, None)),
        _ => None,
    }
}
