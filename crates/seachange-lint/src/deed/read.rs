//! From a statement's node to its deeds.

use seachange_schema::Name;

use super::{Deed, Kind, What, alter_table, create, data, drop, session};
use crate::syntax::{Node, SyntaxKind, ident, name};

/// What the statement does, in its order; [`What::Other`] where no rule asks about it.
pub(crate) fn deeds(statement: &Node<'_>) -> Vec<Deed> {
    let one = |what: What| {
        vec![Deed {
            start: statement.start,
            what,
        }]
    };
    match statement.kind {
        SyntaxKind::ALTER_TABLE => alter_table::deeds(statement),
        SyntaxKind::CREATE_TABLE => one(create::table(statement)),
        SyntaxKind::CREATE_TABLE_AS => one(create::table(statement)),
        SyntaxKind::SELECT_INTO => one(create::table(statement)),
        SyntaxKind::CREATE_INDEX => one(create::index(statement)),
        SyntaxKind::CREATE_VIEW
        | SyntaxKind::CREATE_MATERIALIZED_VIEW
        | SyntaxKind::CREATE_TYPE
        | SyntaxKind::CREATE_DOMAIN
        | SyntaxKind::CREATE_DATABASE
        | SyntaxKind::CREATE_TABLESPACE => one(create::other(statement)),
        SyntaxKind::ALTER_TYPE => one(alter_type(statement)),
        SyntaxKind::ALTER_INDEX => one(renamed(statement, Kind::Index)),
        SyntaxKind::ALTER_VIEW => one(renamed(statement, Kind::View)),
        SyntaxKind::ALTER_MATERIALIZED_VIEW => one(renamed(statement, Kind::MaterializedView)),
        SyntaxKind::ALTER_SEQUENCE => one(renamed(statement, Kind::Sequence)),
        SyntaxKind::ALTER_FUNCTION | SyntaxKind::ALTER_PROCEDURE | SyntaxKind::ALTER_ROUTINE => {
            one(renamed(statement, Kind::Function))
        }
        SyntaxKind::ALTER_DOMAIN => one(alter_domain(statement)),
        SyntaxKind::ALTER_SCHEMA => one(renamed(statement, Kind::Schema)),
        SyntaxKind::UPDATE
        | SyntaxKind::DELETE
        | SyntaxKind::INSERT
        | SyntaxKind::MERGE
        | SyntaxKind::TRUNCATE
        | SyntaxKind::REFRESH
        | SyntaxKind::LOCK
        | SyntaxKind::VACUUM
        | SyntaxKind::CLUSTER
        | SyntaxKind::REINDEX => one(data::deed(statement)),
        kind => match drop::deeds(statement) {
            Some(deeds) => deeds,
            None => one(session::deed(statement, kind)),
        },
    }
}

/// ALTER … RENAME TO and SET SCHEMA of anything that is no table.
fn renamed(statement: &Node<'_>, kind: Kind) -> What {
    let mut children = statement.children();
    let old = children.next().and_then(|first| {
        let function = first.child(SyntaxKind::FUNCTION_NAME_REF);
        name(function.unwrap_or(first))
    });
    let Some(old) = old else { return What::Other };
    for child in children {
        let to = match child.kind {
            SyntaxKind::SET_SCHEMA => ident(child).map(|schema| Name {
                schema,
                name: old.name.clone(),
            }),
            kind if format!("{kind:?}").ends_with("RENAME_TO") => {
                ident(child).map(|to| old.sibling(&to))
            }
            _ => None,
        };
        if let Some(to) = to {
            return What::Rename {
                kind,
                name: old,
                to,
            };
        }
    }
    What::Other
}

fn alter_type(statement: &Node<'_>) -> What {
    let Some(of) = statement.child(SyntaxKind::TYPE_NAME_REF).and_then(name) else {
        return What::Other;
    };
    let label = |node: &Node<'_>| {
        let literal = node.child(SyntaxKind::LITERAL)?;
        Some(data::string(literal.text()))
    };
    if let Some(label) = statement.child(SyntaxKind::ADD_VALUE).and_then(label) {
        return What::AddLabel { of, label };
    }
    if let Some(label) = statement.child(SyntaxKind::RENAME_VALUE).and_then(label) {
        return What::RenameLabel { of, label };
    }
    renamed(statement, Kind::Type)
}

fn alter_domain(statement: &Node<'_>) -> What {
    let domain = statement.child(SyntaxKind::DOMAIN_REF).and_then(name);
    match (domain, statement.find(SyntaxKind::ADD_CONSTRAINT)) {
        (Some(domain), Some(added)) => What::DomainCheck {
            domain,
            not_valid: added.find(SyntaxKind::NOT_VALID).is_some(),
        },
        _ => renamed(statement, Kind::Domain),
    }
}
