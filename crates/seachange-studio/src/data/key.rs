//! What tells one row from all others.

use seachange_schema::Ident;
use serde::{Deserialize, Serialize};

use super::{Column, Text, equal};

/// How the rows of a relation are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RowKey {
    /// By the primary key, or a unique index whose columns are never NULL.
    Columns(Vec<Column>),
    /// By where the row lies: good until it is changed, which its version tells.
    Place,
    /// Not at all: rows of a view, say. They can be read, and not changed.
    None,
}

/// Which row, and which version of it: `xmin`, the transaction that wrote it (PostgreSQL manual, 5.5 "System Columns").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowAt {
    pub(crate) key: Vec<Text>,
    pub(crate) version: String,
}

impl RowKey {
    /// Expressions, one for each part of the key, in order.
    pub(crate) fn expressions(&self) -> Vec<String> {
        match self {
            Self::Columns(columns) => columns.iter().map(|it| it.name.to_string()).collect(),
            Self::Place => vec!["tableoid".to_owned(), "ctid".to_owned()],
            Self::None => Vec::new(),
        }
    }

    /// The types that its parts are compared in.
    pub(crate) fn types(&self) -> Vec<String> {
        match self {
            Self::Columns(columns) => columns.iter().map(|it| it.type_name.clone()).collect(),
            Self::Place => vec!["pg_catalog.oid".to_owned(), "pg_catalog.tid".to_owned()],
            Self::None => Vec::new(),
        }
    }

    /// The conditions that tell the row with this key from all others; none where it is no key of the relation.
    pub(crate) fn conditions(&self, key: &[Text], values: &mut Vec<Text>) -> Option<Vec<String>> {
        let (expressions, types) = (self.expressions(), self.types());
        if expressions.is_empty() || expressions.len() != key.len() {
            return None;
        }
        let parts = expressions.iter().zip(&types).zip(key);
        Some(
            parts
                .map(|((it, type_name), value)| equal(it, type_name, value.clone(), values))
                .collect(),
        )
    }

    pub(crate) fn has(&self, name: &Ident) -> bool {
        matches!(self, Self::Columns(columns) if columns.iter().any(|it| it.name == *name))
    }
}
