//! DROP of anything, one deed for each name.

use seachange_schema::Name;

use super::{Deed, Kind, What};
use crate::finding::Lock;
use crate::syntax::{Node, SyntaxKind, name};

/// None where the statement is no DROP that a rule asks about.
pub(super) fn deeds(statement: &Node<'_>) -> Option<Vec<Deed>> {
    let kind = match statement.kind {
        SyntaxKind::DROP_TABLE => Kind::Table,
        SyntaxKind::DROP_VIEW => Kind::View,
        SyntaxKind::DROP_MATERIALIZED_VIEW => Kind::MaterializedView,
        SyntaxKind::DROP_INDEX => Kind::Index,
        SyntaxKind::DROP_SEQUENCE => Kind::Sequence,
        SyntaxKind::DROP_TYPE => Kind::Type,
        SyntaxKind::DROP_DOMAIN => Kind::Domain,
        SyntaxKind::DROP_FUNCTION | SyntaxKind::DROP_PROCEDURE | SyntaxKind::DROP_ROUTINE => {
            Kind::Function
        }
        SyntaxKind::DROP_SCHEMA => Kind::Schema,
        SyntaxKind::DROP_EXTENSION => Kind::Extension,
        SyntaxKind::DROP_TRIGGER => Kind::Trigger,
        SyntaxKind::DROP_POLICY => Kind::Policy,
        SyntaxKind::DROP_DATABASE => Kind::Database,
        SyntaxKind::DROP_OWNED => Kind::Owned,
        _ => return None,
    };
    let cascade = statement.has(SyntaxKind::CASCADE);
    let concurrently = statement.has(SyntaxKind::CONCURRENTLY_KW);
    let deeds = named(statement, kind)
        .into_iter()
        .map(|(start, name)| Deed {
            start,
            what: match kind {
                Kind::Index => What::DropIndex { name, concurrently },
                _ => What::Drop {
                    kind,
                    name,
                    cascade,
                },
            },
        });
    let mut deeds: Vec<Deed> = deeds.collect();
    // A trigger's or policy's table is locked for its sake.
    let on = statement
        .children()
        .find(|child| matches!(child.kind, SyntaxKind::ON_RELATION | SyntaxKind::ON_TABLE));
    if let Some(table) = on.and_then(|on| on.children().find_map(name)) {
        deeds.push(Deed {
            start: statement.start,
            what: What::Locks {
                table,
                lock: Lock::AccessExclusive,
            },
        });
    }
    Some(deeds)
}

fn named(statement: &Node<'_>, kind: Kind) -> Vec<(usize, Name)> {
    let of = match kind {
        Kind::Table => SyntaxKind::TABLE_NAME_REF,
        Kind::View | Kind::MaterializedView => SyntaxKind::VIEW_REF,
        Kind::Index => SyntaxKind::INDEX_REF,
        Kind::Sequence => SyntaxKind::SEQUENCE_REF,
        Kind::Type => SyntaxKind::TYPE_NAME_REF,
        Kind::Domain => SyntaxKind::DOMAIN_REF,
        Kind::Function => SyntaxKind::FUNCTION_NAME_REF,
        Kind::Schema => SyntaxKind::SCHEMA_REF,
        Kind::Extension => SyntaxKind::EXTENSION_REF,
        Kind::Trigger => SyntaxKind::TRIGGER_REF,
        Kind::Policy => SyntaxKind::POLICY_REF,
        Kind::Database => SyntaxKind::DATABASE_REF,
        Kind::Owned => SyntaxKind::ROLE_REF,
    };
    // A function's arguments may name types, which are no functions.
    statement
        .nodes()
        .into_iter()
        .filter(|node| node.kind == of)
        .filter_map(|node| Some((statement.start, name(node)?)))
        .collect()
}
