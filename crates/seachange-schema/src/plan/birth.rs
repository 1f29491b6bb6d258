//! What an object is born with: the default privileges that hold when a step makes it.
//!
//! Default privileges change last in a plan, so those of the previous schema hold all through it.

use std::collections::BTreeMap;

use super::impact::{Action, Impact};
use crate::change::Changes;
use crate::model::{Grantee, NewObjects, Object, ObjectId, Privileges};
use crate::name::{Ident, Name};
use crate::render::{self, Work};

/// The privileges that a new object has by itself, beyond those of a database where nobody said anything
/// about new objects.
fn privileges(of: &ObjectId, changes: &Changes) -> BTreeMap<Grantee, Privileges> {
    let mut born = BTreeMap::new();
    let Some((kind, schema)) = class(of) else {
        return born;
    };
    for (id, object) in &changes.previous.objects {
        if let (
            ObjectId::DefaultPrivileges {
                role: None,
                schema: of,
                on,
                to,
            },
            Object::DefaultPrivileges(found),
        ) = (id, object)
            && *on == kind
            && (of.is_none() || of.as_ref() == schema)
        {
            let held: &mut Privileges = born.entry(to.clone()).or_default();
            for (privilege, grantable) in &found.granted {
                *held.granted.entry(privilege.clone()).or_default() |= grantable;
            }
            held.revoked.extend(found.revoked.iter().cloned());
        }
    }
    // What one schema's default privileges give again is not taken.
    for held in born.values_mut() {
        let Privileges { granted, revoked } = held;
        let again: Vec<String> = (revoked.iter())
            .filter(|privilege| granted.contains_key(*privilege))
            .cloned()
            .collect();
        for privilege in again {
            revoked.remove(&privilege);
            granted.remove(&privilege);
        }
    }
    born
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

/// Whether the plan makes the object that these privileges are about.
pub(super) fn of_new(id: &ObjectId, changes: &Changes, impact: &Impact) -> bool {
    let ObjectId::Privileges { of, .. } = id else {
        return false;
    };
    match impact.actions.get(of) {
        Some(Action::Create | Action::Recreate) => true,
        Some(Action::Alter) => false,
        // The sequence behind an identity column comes with the column, maybe in another's place.
        Some(Action::Drop) | None => (impact.next_needs.of_object(id)).any(|column| {
            new_sequence(column, changes, impact).is_some_and(
                |name| matches!(&**of, ObjectId::Sequence { name: own } if *own == name),
            )
        }),
    }
}

/// What a grantee has of an object that the plan makes before its own step gives it more.
pub(super) fn held(id: &ObjectId, changes: &Changes) -> Option<Object> {
    let ObjectId::Privileges { of, to } = id else {
        return None;
    };
    privileges(of, changes).remove(to).map(Object::Privileges)
}

/// What has to be taken from those that an object, or the sequence of an identity column, is born for and
/// that are to have nothing.
pub(super) fn unwanted(id: &ObjectId, changes: &Changes, impact: &Impact) -> Work {
    let mut work = Work::default();
    let made = match id {
        ObjectId::Column { .. } => {
            new_sequence(id, changes, impact).map(|name| ObjectId::Sequence { name })
        }
        _ => Some(id.clone()),
    };
    let Some(of) = made else { return work };
    for (to, held) in privileges(&of, changes) {
        let id = ObjectId::Privileges {
            of: Box::new(of.clone()),
            to,
        };
        if !changes.next.contains(&id) {
            let mut taken = render::change_privileges(&id, Some(&Object::Privileges(held)), None);
            // Nobody has had these yet.
            taken.hazards.clear();
            work.append(taken);
        }
    }
    work
}

/// The name of the sequence that the plan makes behind an identity column.
fn new_sequence(column: &ObjectId, changes: &Changes, impact: &Impact) -> Option<Name> {
    let ObjectId::Column { table, .. } = column else {
        return None;
    };
    let identity = |object: Option<&Object>| match object {
        Some(Object::Column(column)) => column.identity.clone(),
        _ => None,
    };
    let next = identity(changes.next.get(column))?;
    let anew = matches!(
        impact.actions.get(column),
        Some(Action::Create | Action::Recreate)
    );
    (anew || identity(changes.previous.get(column)).is_none())
        .then(|| table.sibling(&next.sequence))
}
