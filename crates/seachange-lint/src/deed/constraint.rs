//! Constraints, behind a column, in a table's list or behind ADD.

use super::{ConstraintKind, NewConstraint};
use crate::syntax::{Node, SyntaxKind, ident, name};

/// The constraint that the node is, if it is one.
pub(super) fn read(node: &Node<'_>) -> Option<NewConstraint> {
    let kind = match node.kind {
        SyntaxKind::PRIMARY_KEY_CONSTRAINT => ConstraintKind::PrimaryKey,
        SyntaxKind::UNIQUE_CONSTRAINT => ConstraintKind::Unique,
        SyntaxKind::EXCLUDE_CONSTRAINT => ConstraintKind::Exclusion,
        SyntaxKind::FOREIGN_KEY_CONSTRAINT | SyntaxKind::REFERENCES_CONSTRAINT => {
            ConstraintKind::ForeignKey
        }
        SyntaxKind::CHECK_CONSTRAINT => ConstraintKind::Check,
        SyntaxKind::NOT_NULL_CONSTRAINT => ConstraintKind::NotNull,
        _ => return None,
    };
    let named = node.child(SyntaxKind::CONSTRAINT_NAME_CLAUSE);
    let references = match kind {
        ConstraintKind::ForeignKey => node.child(SyntaxKind::TABLE_NAME_REF).and_then(name),
        _ => None,
    };
    let text = node.text();
    Some(NewConstraint {
        start: node.start,
        name: named
            .and_then(|clause| clause.child(SyntaxKind::CONSTRAINT_NAME))
            .and_then(ident),
        kind,
        columns: columns(node, kind),
        references,
        not_valid: node.has(SyntaxKind::NOT_VALID),
        using_index: node.child(SyntaxKind::USING_INDEX_NAME).and_then(ident),
        only: false,
        definition: text[named.map_or(0, |clause| clause.end - node.start)..]
            .trim()
            .to_owned(),
    })
}

fn columns(node: &Node<'_>, kind: ConstraintKind) -> Vec<seachange_schema::Ident> {
    let list = match kind {
        ConstraintKind::ForeignKey => node.child(SyntaxKind::FOREIGN_KEY_COLUMN_LIST),
        ConstraintKind::PrimaryKey | ConstraintKind::Unique => {
            node.find(SyntaxKind::CONSTRAINT_COLUMN_REF_LIST)
        }
        ConstraintKind::NotNull => Some(node),
        ConstraintKind::Check | ConstraintKind::Exclusion => None,
    };
    let list = list.into_iter().flat_map(Node::children);
    list.filter(|child| child.kind == SyntaxKind::COLUMN_NAME_REF)
        .filter_map(ident)
        .collect()
}
