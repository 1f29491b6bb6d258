//! COMMENT ON, which hangs on nearly every object.

use crate::model::{Function, FunctionKind, Object, ObjectId};
use crate::name::literal;

/// The comment that an object bears.
pub(super) fn comment_of(object: &Object) -> Option<&str> {
    match object {
        Object::Schema(object) => object.comment.as_deref(),
        Object::Extension(object) => object.comment.as_deref(),
        Object::Enum(object) => object.comment.as_deref(),
        Object::Domain(object) => object.comment.as_deref(),
        Object::Composite(object) => object.comment.as_deref(),
        Object::Range(object) => object.comment.as_deref(),
        Object::Sequence(object) => object.comment.as_deref(),
        Object::Function(object) => object.comment.as_deref(),
        Object::Table(object) => object.comment.as_deref(),
        Object::Column(object) => object.comment.as_deref(),
        Object::Collation(object) => object.comment.as_deref(),
        Object::Statistics(object) => object.comment.as_deref(),
        Object::Publication(object) => object.comment.as_deref(),
        Object::EventTrigger(object) => object.comment.as_deref(),
        Object::Default(_)
        | Object::Privileges(_)
        | Object::DefaultPrivileges(_)
        | Object::Owner(_)
        | Object::TableMark(_)
        | Object::PublicationTable(_)
        | Object::PublicationSchema => None,
        Object::Constraint(object) => object.comment.as_deref(),
        Object::Index(object) => object.comment.as_deref(),
        Object::View(object) => object.comment.as_deref(),
        Object::Trigger(object) => object.comment.as_deref(),
        Object::Policy(object) => object.comment.as_deref(),
        Object::Rule(object) => object.comment.as_deref(),
    }
}

/// The statement that sets a comment, or takes it away.
pub(crate) fn comment_on(id: &ObjectId, object: &Object, comment: Option<&str>) -> String {
    let text = comment.map_or_else(|| "NULL".to_owned(), literal);
    format!("COMMENT ON {} IS {text}", target(id, object))
}

/// The statements for a comment that changed: none or one.
pub(super) fn changed(
    id: &ObjectId,
    object: &Object,
    previous: Option<&str>,
    next: Option<&str>,
) -> Option<String> {
    (previous != next).then(|| comment_on(id, object, next))
}

/// An object as statements such as COMMENT ON name it, with its kind.
fn target(id: &ObjectId, object: &Object) -> String {
    match id {
        ObjectId::Schema { name } => format!("SCHEMA {name}"),
        ObjectId::Extension { name } => format!("EXTENSION {name}"),
        ObjectId::Type { name } => match object {
            Object::Domain(_) => format!("DOMAIN {name}"),
            _ => format!("TYPE {name}"),
        },
        ObjectId::Sequence { name } => format!("SEQUENCE {name}"),
        ObjectId::Function { name, arguments } => {
            format!("{} {name}({arguments})", routine_word(object))
        }
        ObjectId::Table { name } => format!("TABLE {name}"),
        ObjectId::Column { table, name }
        | ObjectId::Default {
            table,
            column: name,
        } => {
            format!("COLUMN {table}.{name}")
        }
        ObjectId::Constraint { table, name } => format!("CONSTRAINT {name} ON {table}"),
        ObjectId::Index { name } => format!("INDEX {name}"),
        ObjectId::View { name } => match object {
            Object::View(view) if view.materialized => format!("MATERIALIZED VIEW {name}"),
            _ => format!("VIEW {name}"),
        },
        ObjectId::Trigger { table, name } => format!("TRIGGER {name} ON {table}"),
        ObjectId::Policy { table, name } => format!("POLICY {name} ON {table}"),
        ObjectId::Rule { table, name } => format!("RULE {name} ON {table}"),
        ObjectId::Collation { name } => format!("COLLATION {name}"),
        ObjectId::Statistics { name } => format!("STATISTICS {name}"),
        ObjectId::Publication { name } => format!("PUBLICATION {name}"),
        ObjectId::EventTrigger { name } => format!("EVENT TRIGGER {name}"),
        ObjectId::Privileges { .. }
        | ObjectId::DefaultPrivileges { .. }
        | ObjectId::Owner { .. }
        | ObjectId::ReplicaIdentity { .. }
        | ObjectId::ClusterMark { .. }
        | ObjectId::PublicationTable { .. }
        | ObjectId::PublicationSchema { .. } => {
            unreachable!("the {id} bears no comment")
        }
    }
}

/// PostgreSQL's word for a routine of this kind, as DROP and COMMENT ON take it.
pub(super) fn routine_word(object: &Object) -> &'static str {
    match object {
        Object::Function(Function { kind, .. }) => match kind {
            FunctionKind::Function | FunctionKind::Window => "FUNCTION",
            FunctionKind::Procedure => "PROCEDURE",
            FunctionKind::Aggregate => "AGGREGATE",
        },
        _ => "ROUTINE",
    }
}
