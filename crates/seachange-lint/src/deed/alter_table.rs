//! ALTER TABLE, one deed for each of its actions.

use seachange_schema::Name;

use super::{ColumnChange, Deed, Kind, NewConstraint, What, constraint, create};
use crate::finding::Lock;
use crate::syntax::{Node, SyntaxKind, data_type, ident, name};

pub(super) fn deeds(statement: &Node<'_>) -> Vec<Deed> {
    let relation = statement.child(SyntaxKind::TABLE_RELATION_NAME);
    let only = relation.is_some_and(|on| on.has(SyntaxKind::ONLY_KW));
    let Some(table) = relation.and_then(name) else {
        return Vec::new();
    };
    statement
        .children()
        .filter(|child| {
            !matches!(
                child.kind,
                SyntaxKind::TABLE_RELATION_NAME | SyntaxKind::IF_EXISTS
            )
        })
        .map(|action| Deed {
            start: action.start,
            what: match deed(&table, action) {
                Some(What::AddConstraint { table, constraint }) => What::AddConstraint {
                    table,
                    constraint: NewConstraint { only, ..constraint },
                },
                Some(what) => what,
                None => What::Locks {
                    table: table.clone(),
                    lock: lock(action.kind),
                },
            },
        })
        .collect()
}

/// The lock of an action that is no deed of its own (PostgreSQL manual, ALTER TABLE).
fn lock(action: SyntaxKind) -> Lock {
    match action {
        SyntaxKind::SET_OPTIONS
        | SyntaxKind::RESET_OPTIONS
        | SyntaxKind::CLUSTER_ON
        | SyntaxKind::SET_WITHOUT_CLUSTER => Lock::ShareUpdateExclusive,
        SyntaxKind::ENABLE_TRIGGER
        | SyntaxKind::ENABLE_ALWAYS_TRIGGER
        | SyntaxKind::ENABLE_REPLICA_TRIGGER => Lock::ShareRowExclusive,
        _ => Lock::AccessExclusive,
    }
}

fn deed(table: &Name, action: &Node<'_>) -> Option<What> {
    let table = table.clone();
    let rewrite = |table, by| Some(What::RewriteTable { table, by });
    match action.kind {
        SyntaxKind::ADD_COLUMN => Some(What::AddColumn {
            table,
            column: create::column(action)?,
        }),
        SyntaxKind::DROP_COLUMN => Some(What::DropColumn {
            table,
            column: ident(action.child(SyntaxKind::COLUMN_NAME_REF)?)?,
        }),
        SyntaxKind::ALTER_COLUMN => Some(What::AlterColumn {
            table,
            column: ident(action.child(SyntaxKind::COLUMN_NAME_REF)?)?,
            change: column_change(action),
        }),
        SyntaxKind::ADD_CONSTRAINT => Some(What::AddConstraint {
            table,
            constraint: action.children().find_map(constraint::read)?,
        }),
        SyntaxKind::DROP_CONSTRAINT => Some(What::DropConstraint {
            table,
            name: ident(action.child(SyntaxKind::CONSTRAINT_NAME_REF)?)?,
        }),
        SyntaxKind::VALIDATE_CONSTRAINT => Some(What::ValidateConstraint {
            table,
            name: ident(action.child(SyntaxKind::CONSTRAINT_NAME_REF)?)?,
        }),
        SyntaxKind::RENAME_COLUMN => Some(What::RenameColumn {
            table,
            column: ident(action.child(SyntaxKind::COLUMN_NAME_REF)?)?,
            to: ident(action.child(SyntaxKind::COLUMN_NAME)?)?,
        }),
        SyntaxKind::TABLE_RENAME_TO => Some(What::Rename {
            kind: Kind::Table,
            to: table.sibling(&ident(action.child(SyntaxKind::TABLE_NAME)?)?),
            name: table,
        }),
        SyntaxKind::SET_SCHEMA => Some(What::Rename {
            kind: Kind::Table,
            to: Name {
                schema: ident(action)?,
                name: table.name.clone(),
            },
            name: table,
        }),
        SyntaxKind::ATTACH_PARTITION => Some(What::AttachPartition {
            parent: table,
            partition: name(action.child(SyntaxKind::TABLE_NAME_REF)?)?,
            default: action.has(SyntaxKind::PARTITION_DEFAULT),
        }),
        SyntaxKind::DETACH_PARTITION => Some(What::DetachPartition {
            parent: table,
            partition: name(action.child(SyntaxKind::TABLE_NAME_REF)?)?,
            concurrently: action.has_token(SyntaxKind::CONCURRENTLY_KW)
                || action.has_token(SyntaxKind::FINALIZE_KW),
        }),
        SyntaxKind::SET_LOGGED => rewrite(table, "SET LOGGED"),
        SyntaxKind::SET_UNLOGGED => rewrite(table, "SET UNLOGGED"),
        SyntaxKind::SET_TABLESPACE => rewrite(table, "SET TABLESPACE"),
        SyntaxKind::SET_ACCESS_METHOD => rewrite(table, "SET ACCESS METHOD"),
        SyntaxKind::DISABLE_TRIGGER => Some(What::DisableTrigger { table }),
        _ => None,
    }
}

fn column_change(action: &Node<'_>) -> ColumnChange {
    for child in action.children() {
        return match child.kind {
            SyntaxKind::SET_TYPE => match data_type(child) {
                Some(to) => ColumnChange::Type {
                    to,
                    using: action
                        .find(SyntaxKind::USING_EXPR)
                        .map(|using| create::expression(using, "USING")),
                },
                None => ColumnChange::Other,
            },
            SyntaxKind::SET_NOT_NULL => ColumnChange::SetNotNull,
            SyntaxKind::DROP_NOT_NULL => ColumnChange::DropNotNull,
            SyntaxKind::ADD_GENERATED => ColumnChange::AddIdentity,
            SyntaxKind::SET_EXPRESSION => ColumnChange::SetExpression,
            _ => continue,
        };
    }
    ColumnChange::Other
}
