//! Statements about rows, and those that work through a whole table.

use seachange_schema::Name;

use super::{RowChange, Target, What};
use crate::syntax::{Node, SyntaxKind, name, names_in};

pub(super) fn deed(statement: &Node<'_>) -> What {
    let concurrently = statement.has_token(SyntaxKind::CONCURRENTLY_KW);
    match statement.kind {
        SyntaxKind::TRUNCATE => What::Truncate {
            tables: names_in(statement, &[SyntaxKind::TABLE_NAME_REF]),
        },
        SyntaxKind::REFRESH => match statement.child(SyntaxKind::VIEW_REF).and_then(name) {
            Some(view) => What::Refresh { view, concurrently },
            None => What::Other,
        },
        SyntaxKind::LOCK => What::Lock {
            tables: names_in(statement, &[SyntaxKind::RELATION_NAME_REF]),
            mode: statement.child(SyntaxKind::LOCK_MODE_CLAUSE).map_or(
                "ACCESS EXCLUSIVE".to_owned(),
                |clause| {
                    let words = clause.text().to_ascii_uppercase();
                    let words = words.trim_start_matches("IN ").trim_end_matches(" MODE");
                    words.split_whitespace().collect::<Vec<_>>().join(" ")
                },
            ),
        },
        SyntaxKind::VACUUM => What::Vacuum {
            full: statement.has_token(SyntaxKind::FULL_KW),
            tables: names_in(statement, &[SyntaxKind::TABLE_NAME_REF]),
        },
        SyntaxKind::CLUSTER => What::Cluster {
            table: statement.child(SyntaxKind::TABLE_NAME_REF).and_then(name),
        },
        SyntaxKind::REINDEX => What::Reindex {
            target: target(statement),
            concurrently,
        },
        _ => match table(statement) {
            Some(table) => What::ChangeRows {
                table,
                by: row_change(statement),
            },
            None => What::Other,
        },
    }
}

fn target(statement: &Node<'_>) -> Target {
    if let Some(index) = statement.find(SyntaxKind::INDEX_REF).and_then(name) {
        return Target::Index(index);
    }
    match statement.find(SyntaxKind::TABLE_NAME_REF).and_then(name) {
        Some(table) => Target::Table(table),
        None => Target::Many,
    }
}

fn table(statement: &Node<'_>) -> Option<Name> {
    statement
        .children()
        .find(|child| {
            matches!(
                child.kind,
                SyntaxKind::RELATION_NAME | SyntaxKind::RELATION_NAME_REF
            )
        })
        .and_then(name)
}

fn row_change(statement: &Node<'_>) -> RowChange {
    let conditional = statement.has(SyntaxKind::WHERE_CLAUSE)
        || statement.has(SyntaxKind::WHERE_CURRENT_OF)
        || statement.has(SyntaxKind::USING_CLAUSE)
        || statement.has(SyntaxKind::FROM_CLAUSE);
    match statement.kind {
        SyntaxKind::UPDATE if !conditional => RowChange::Every { delete: false },
        SyntaxKind::DELETE if !conditional => RowChange::Every { delete: true },
        SyntaxKind::INSERT if statement.find(SyntaxKind::SELECT_CLAUSE).is_none() => {
            RowChange::Insert
        }
        _ => RowChange::Some,
    }
}

/// The text of a string literal.
pub(super) fn string(literal: &str) -> String {
    let inner = literal.trim_start_matches(['E', 'e']);
    let inner = inner.strip_prefix('\'').unwrap_or(inner);
    inner.strip_suffix('\'').unwrap_or(inner).replace("''", "'")
}
