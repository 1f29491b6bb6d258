//! A step in words, for people who read a plan.

use crate::model::{Object, ObjectId};

/// Kind, name, and what is special about it: `index users_phone_idx on users`.
pub(crate) fn summary(id: &ObjectId, object: Option<&Object>) -> String {
    match object {
        Some(Object::Index(index)) => {
            let unique = if index.unique { "unique " } else { "" };
            format!("{unique}{id} on {}", index.table.plain())
        }
        Some(Object::View(view)) if view.materialized => format!("materialized {id}"),
        Some(Object::Enum(_)) => format!("enum {}", id.plain()),
        Some(Object::Domain(_)) => format!("domain {}", id.plain()),
        Some(Object::Column(column)) => format!("{id} {}", column.data_type),
        Some(Object::Constraint(constraint)) => {
            let kind = match constraint.kind {
                crate::model::ConstraintKind::PrimaryKey => "primary key",
                crate::model::ConstraintKind::Unique => "unique constraint",
                crate::model::ConstraintKind::Check => "check",
                crate::model::ConstraintKind::Exclusion => "exclusion constraint",
                crate::model::ConstraintKind::ForeignKey => "foreign key",
            };
            format!("{kind} {}", id.plain())
        }
        Some(Object::Privileges(held) | Object::DefaultPrivileges(held)) => {
            let mut words: Vec<String> = held.granted.keys().cloned().collect();
            words.extend(
                held.revoked
                    .iter()
                    .map(|privilege| format!("without {privilege}")),
            );
            format!("{id}: {}", words.join(", "))
        }
        Some(Object::Owner(role)) => format!("{id}: {}", role.as_str()),
        _ => id.to_string(),
    }
}
