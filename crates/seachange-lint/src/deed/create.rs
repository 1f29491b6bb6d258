//! CREATE of tables, indexes and what else later statements may be about.

use super::{Expression, NewColumn, NewConstraint, NewIndex, NewTable, What, constraint};
use crate::syntax::{Node, SyntaxKind, data_type, ident, name};

pub(super) fn table(statement: &Node<'_>) -> What {
    let Some(called) = statement.find(SyntaxKind::TABLE_NAME).and_then(name) else {
        return What::Other;
    };
    let list = statement.child(SyntaxKind::TABLE_ARG_LIST);
    let parts = || list.into_iter().flat_map(Node::children);
    let partition_of = statement
        .child(SyntaxKind::PARTITION_OF)
        .and_then(|of| of.child(SyntaxKind::TABLE_NAME_REF))
        .and_then(name);
    What::CreateTable(NewTable {
        name: called,
        temporary: statement.has(SyntaxKind::TEMP)
            || statement.has(SyntaxKind::TEMP_KW)
            || statement.has(SyntaxKind::TEMPORARY_KW),
        if_not_exists: statement.has(SyntaxKind::IF_NOT_EXISTS),
        columns: parts()
            .filter(|part| part.kind == SyntaxKind::COLUMN)
            .filter_map(column)
            .collect(),
        constraints: parts().filter_map(constraint::read).collect(),
        derived: statement.kind != SyntaxKind::CREATE_TABLE
            || partition_of.is_some()
            || list.is_none_or(|list| list.has(SyntaxKind::LIKE_CLAUSE))
            || statement.has(SyntaxKind::INHERITS),
        partition_of,
    })
}

/// A column in a table's list, or behind ADD COLUMN.
pub(super) fn column(node: &Node<'_>) -> Option<NewColumn> {
    let generated = node.child(SyntaxKind::GENERATED_CONSTRAINT);
    let identity = generated.is_some_and(|it| it.find(SyntaxKind::GENERATED_IDENTITY).is_some());
    let constraints: Vec<NewConstraint> = node.children().filter_map(constraint::read).collect();
    Some(NewColumn {
        start: node.start,
        name: node.child(SyntaxKind::COLUMN_NAME).and_then(ident)?,
        data_type: data_type(node),
        not_null: node.has(SyntaxKind::NOT_NULL_CONSTRAINT)
            || node.has(SyntaxKind::PRIMARY_KEY_CONSTRAINT)
            || identity,
        default: node
            .child(SyntaxKind::DEFAULT_CONSTRAINT)
            .map(|default| expression(default, "DEFAULT")),
        generated: generated.is_some() && !identity,
        virtual_: generated.is_some_and(|it| !it.has_token(SyntaxKind::STORED_KW)),
        identity,
        constraints: constraints
            .into_iter()
            .filter(|one| one.kind != super::ConstraintKind::NotNull)
            .collect(),
    })
}

/// What follows a keyword.
pub(super) fn expression(node: &Node<'_>, keyword: &str) -> Expression {
    let text = node.text();
    let at = text.to_ascii_uppercase().find(keyword);
    Expression {
        text: text[at.map_or(0, |at| at + keyword.len())..]
            .trim()
            .to_owned(),
        calls: node
            .nodes()
            .into_iter()
            .filter(|inner| inner.kind == SyntaxKind::CALL_EXPR)
            .filter_map(|call| call.children().next().and_then(ident))
            .map(|function| function.as_str().to_ascii_lowercase())
            .collect(),
    }
}

pub(super) fn index(statement: &Node<'_>) -> What {
    let Some(table) = statement
        .child(SyntaxKind::TABLE_RELATION_NAME)
        .and_then(|on| on.child(SyntaxKind::TABLE_NAME_REF))
        .and_then(name)
    else {
        return What::Other;
    };
    let called = statement.child(SyntaxKind::INDEX).and_then(ident);
    let only = statement
        .child(SyntaxKind::TABLE_RELATION_NAME)
        .is_some_and(|on| on.has(SyntaxKind::ONLY_KW));
    What::CreateIndex(NewIndex {
        name: called.map(|index| table.sibling(&index)),
        unique: statement.has(SyntaxKind::UNIQUE_KW),
        concurrently: statement.has(SyntaxKind::CONCURRENTLY_KW),
        if_not_exists: statement.has(SyntaxKind::IF_NOT_EXISTS),
        only,
        table,
    })
}

pub(super) fn other(statement: &Node<'_>) -> What {
    let called = || {
        statement
            .children()
            .find(|child| {
                matches!(
                    child.kind,
                    SyntaxKind::VIEW | SyntaxKind::TYPE_NAME | SyntaxKind::DOMAIN
                )
            })
            .and_then(name)
    };
    let made = match statement.kind {
        SyntaxKind::CREATE_VIEW => called().map(|name| What::CreateView {
            name,
            materialized: false,
        }),
        SyntaxKind::CREATE_MATERIALIZED_VIEW => called().map(|name| What::CreateView {
            name,
            materialized: true,
        }),
        SyntaxKind::CREATE_TYPE | SyntaxKind::CREATE_DOMAIN => {
            called().map(|name| What::CreateType { name })
        }
        SyntaxKind::CREATE_DATABASE => Some(What::NeedsNoTransaction {
            what: "CREATE DATABASE",
        }),
        _ => Some(What::NeedsNoTransaction {
            what: "CREATE TABLESPACE",
        }),
    };
    made.unwrap_or(What::Other)
}
