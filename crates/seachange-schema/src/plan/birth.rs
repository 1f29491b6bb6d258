//! What an object is born with: the default privileges that hold when a step makes it.
//!
//! Default privileges change last in a plan, so those of the previous schema hold all through it.

use super::impact::{Action, Impact};
use crate::change::Changes;
use crate::model::{Object, ObjectId};
use crate::name::Name;
use crate::render::{self, Work};

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
    changes.previous.born(of).remove(to).map(Object::Privileges)
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
    for (to, held) in changes.previous.born(&of) {
        let id = ObjectId::Privileges {
            of: Box::new(of.clone()),
            to,
        };
        if !changes.next.contains(&id) {
            let mut taken =
                render::change_privileges(&id, Some(&Object::Privileges(held)), None, None);
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
