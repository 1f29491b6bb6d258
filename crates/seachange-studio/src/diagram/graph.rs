//! What a diagram shows, without any place yet.

use seachange_schema::{Ident, Name};

/// Tables in order of their names, and the foreign keys between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Diagram {
    pub(crate) tables: Vec<Table>,
    pub(crate) edges: Vec<Edge>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: Name,
    pub(crate) comment: Option<String>,
    pub(crate) columns: Vec<Column>,
    /// How many more columns it has than are shown.
    pub(crate) left_out: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: Ident,
    /// As `format_type` has it, but for its longest words.
    pub(crate) data_type: String,
    pub(crate) key: bool,
    pub(crate) foreign: bool,
    /// Unique by itself, without being the primary key.
    pub(crate) unique: bool,
    pub(crate) nullable: bool,
}

/// One foreign key. Tables and columns are named by their places in the diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) constraint: Ident,
    /// The table that has the key, and its columns.
    pub(crate) child: usize,
    pub(crate) child_columns: Vec<usize>,
    /// How many rows of it there can be for one of the other's.
    pub(crate) at_child: End,
    /// The table that it points at, and its columns.
    pub(crate) parent: usize,
    pub(crate) parent_columns: Vec<usize>,
    pub(crate) at_parent: End,
}

/// How many rows there can be at one end of a foreign key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    One,
    ZeroOrOne,
    /// None, one or more: a foreign key never demands one.
    Many,
}

impl End {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::ZeroOrOne => "zero or one",
            Self::Many => "any number",
        }
    }
}

impl Column {
    /// `PK`, `FK`, `UK`.
    pub(crate) fn marks(&self) -> Vec<&'static str> {
        [(self.key, "PK"), (self.foreign, "FK"), (self.unique, "UK")]
            .into_iter()
            .filter_map(|(is, letters)| is.then_some(letters))
            .collect()
    }
}

impl Table {
    /// The columns at these places, with commas.
    pub(crate) fn named(&self, columns: &[usize]) -> String {
        let names: Vec<&str> = (columns.iter())
            .map(|at| self.columns[*at].name.as_str())
            .collect();
        names.join(", ")
    }
}

impl Diagram {
    /// `orders.customer_id → customers.id: any number to one`.
    pub(crate) fn sentence(&self, edge: &Edge) -> String {
        let (child, parent) = (&self.tables[edge.child], &self.tables[edge.parent]);
        format!(
            "{} ({}) → {} ({}): {} to {}",
            child.name.plain(),
            child.named(&edge.child_columns),
            parent.name.plain(),
            parent.named(&edge.parent_columns),
            edge.at_child.words(),
            edge.at_parent.words()
        )
    }

    pub(crate) fn place(&self, name: &Name) -> Option<usize> {
        self.tables.iter().position(|table| table.name == *name)
    }
}
