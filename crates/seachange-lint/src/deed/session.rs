//! Statements about the session and the transaction, and what else is left.

use super::data::string;
use super::{Scope, What};
use crate::finding::Lock;
use crate::syntax::{Node, SyntaxKind, ident, name};

pub(super) fn deed(statement: &Node<'_>, kind: SyntaxKind) -> What {
    match kind {
        SyntaxKind::SET => set(statement),
        SyntaxKind::RESET => What::Reset {
            parameter: match statement.has(SyntaxKind::ALL) {
                true => None,
                false => statement
                    .find(SyntaxKind::CONFIG_PARAMETER_REF)
                    .and_then(ident)
                    .map(|it| it.as_str().to_owned()),
            },
        },
        SyntaxKind::DISCARD => What::Reset { parameter: None },
        SyntaxKind::BEGIN
        | SyntaxKind::COMMIT_TRANSACTION
        | SyntaxKind::ROLLBACK_TRANSACTION
        | SyntaxKind::PREPARE_TRANSACTION
        | SyntaxKind::COMMIT_PREPARED
        | SyntaxKind::ROLLBACK_PREPARED => What::Transaction {
            word: statement
                .text()
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .trim_end_matches(';')
                .to_ascii_uppercase(),
        },
        SyntaxKind::ALTER_SYSTEM => What::NeedsNoTransaction {
            what: "ALTER SYSTEM",
        },
        SyntaxKind::CREATE_SUBSCRIPTION => What::NeedsNoTransaction {
            what: "CREATE SUBSCRIPTION",
        },
        SyntaxKind::DO => What::Block,
        SyntaxKind::CREATE_TRIGGER => locks(statement, Lock::ShareRowExclusive),
        SyntaxKind::CREATE_POLICY | SyntaxKind::ALTER_POLICY | SyntaxKind::CREATE_RULE => {
            locks(statement, Lock::AccessExclusive)
        }
        _ => What::Other,
    }
}

/// A statement ON a table, which it locks for a moment.
fn locks(statement: &Node<'_>, lock: Lock) -> What {
    let on = statement
        .children()
        .find(|child| matches!(child.kind, SyntaxKind::ON_RELATION | SyntaxKind::ON_TABLE));
    match on.and_then(|on| on.children().find_map(name)) {
        Some(table) => What::Locks { table, lock },
        None => What::Other,
    }
}

fn set(statement: &Node<'_>) -> What {
    let scope = match statement.has(SyntaxKind::LOCAL_SCOPE) {
        true => Scope::Local,
        false => Scope::Session,
    };
    let (parameter, value) = match statement.child(SyntaxKind::SET_CONFIG) {
        Some(config) => (
            config
                .child(SyntaxKind::CONFIG_PARAMETER_REF)
                .map(|it| it.text().to_ascii_lowercase()),
            config
                .child(SyntaxKind::TO_CONFIG_VALUE)
                .map(|it| it.text()),
        ),
        None => (
            statement
                .has(SyntaxKind::SET_TIME_ZONE)
                .then(|| "timezone".to_owned()),
            None,
        ),
    };
    let Some(parameter) = parameter else {
        return What::Other;
    };
    let value = value.unwrap_or_default().trim_start();
    let value = value
        .strip_prefix('=')
        .or_else(|| value.strip_prefix("TO"))
        .or_else(|| value.strip_prefix("to"))
        .unwrap_or(value)
        .trim();
    What::Set {
        parameter,
        value: string(value),
        scope,
    }
}
