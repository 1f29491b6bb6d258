//! Renames: what may be one, what was answered, and how it reads as SQL.
//!
//! Asking is the command line's business. A rename is never guessed where data hang on it.

mod candidate;
mod hint;
mod mapping;
mod order;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::model::ObjectId;
use crate::name::{Ident, Name, literal};

pub use candidate::{Candidate, candidates};
pub use hint::{Hint, HintError, resolve};
pub use mapping::{Mapping, MappingError};
pub use order::ordered;

/// An object or a label that keeps what it holds and gets another name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rename {
    /// Both are of one kind, and in one schema or table.
    Object {
        /// What it is called.
        from: ObjectId,
        /// What it is to be called.
        to: ObjectId,
    },
    /// An enum's label.
    Label {
        /// The enum.
        of: Name,
        /// What it is called.
        from: String,
        /// What it is to be called.
        to: String,
    },
}

impl Rename {
    /// The way back.
    pub fn reverse(self) -> Self {
        match self {
            Self::Object { from, to } => Self::Object { from: to, to: from },
            Self::Label { of, from, to } => Self::Label {
                of,
                from: to,
                to: from,
            },
        }
    }

    /// The identity that an object has before this.
    pub(crate) fn undone(&self, id: ObjectId) -> ObjectId {
        match self {
            Self::Object { from, to } => id.renamed(to, from),
            Self::Label { .. } => id,
        }
    }

    /// The statement that does it, without its semicolon.
    pub fn sql(&self) -> String {
        match self {
            Self::Label { of, from, to } => format!(
                "ALTER TYPE {of} RENAME VALUE {} TO {}",
                literal(from),
                literal(to)
            ),
            Self::Object { from, to } => object_sql(from, own_name(to)),
        }
    }

    /// Whether code that still runs with the old name fails from then on.
    pub fn breaks_queries(&self) -> bool {
        match self {
            Self::Label { .. } => true,
            Self::Object { from, .. } => {
                !matches!(from, ObjectId::Index { .. } | ObjectId::Constraint { .. })
            }
        }
    }

    /// In words: `column users.name to full_name`.
    pub fn summary(&self) -> String {
        match self {
            Self::Label { of, from, to } => format!("label {}.{from} to {to}", of.plain()),
            Self::Object { from, to } => format!("{from} to {}", own_name(to).as_str()),
        }
    }

    /// As `--rename` takes it: `users.name:full_name`.
    pub fn flag(&self) -> String {
        match self {
            Self::Label { of, from, to } => format!("{}.{from}:{to}", of.plain()),
            Self::Object { from, to } => format!("{}:{}", from.plain(), own_name(to).as_str()),
        }
    }
}

fn object_sql(from: &ObjectId, to: &Ident) -> String {
    match from {
        ObjectId::Schema { name } => format!("ALTER SCHEMA {name} RENAME TO {to}"),
        ObjectId::Extension { name } => unreachable!("extension {name} can't be renamed"),
        ObjectId::Type { name } => format!("ALTER TYPE {name} RENAME TO {to}"),
        ObjectId::Sequence { name } => format!("ALTER SEQUENCE {name} RENAME TO {to}"),
        ObjectId::Function { name, arguments } => {
            format!("ALTER ROUTINE {name}({arguments}) RENAME TO {to}")
        }
        // ALTER TABLE renames views and materialized views as well (PostgreSQL manual, ALTER TABLE).
        ObjectId::Table { name } | ObjectId::View { name } => {
            format!("ALTER TABLE {name} RENAME TO {to}")
        }
        ObjectId::Column { table, name }
        | ObjectId::Default {
            table,
            column: name,
        } => {
            format!("ALTER TABLE {table} RENAME COLUMN {name} TO {to}")
        }
        ObjectId::Constraint { table, name } => {
            format!("ALTER TABLE {table} RENAME CONSTRAINT {name} TO {to}")
        }
        ObjectId::Index { name } => format!("ALTER INDEX {name} RENAME TO {to}"),
        ObjectId::Trigger { table, name } => {
            format!("ALTER TRIGGER {name} ON {table} RENAME TO {to}")
        }
        ObjectId::Policy { table, name } => {
            format!("ALTER POLICY {name} ON {table} RENAME TO {to}")
        }
        ObjectId::Rule { table, name } => format!("ALTER RULE {name} ON {table} RENAME TO {to}"),
        ObjectId::Collation { name } => format!("ALTER COLLATION {name} RENAME TO {to}"),
        ObjectId::Statistics { name } => format!("ALTER STATISTICS {name} RENAME TO {to}"),
        ObjectId::Publication { name } => format!("ALTER PUBLICATION {name} RENAME TO {to}"),
        ObjectId::EventTrigger { name } => format!("ALTER EVENT TRIGGER {name} RENAME TO {to}"),
        ObjectId::Privileges { .. }
        | ObjectId::Owner { .. }
        | ObjectId::DefaultPrivileges { .. }
        | ObjectId::ReplicaIdentity { .. }
        | ObjectId::ClusterMark { .. }
        | ObjectId::PublicationTable { .. }
        | ObjectId::PublicationSchema { .. } => {
            unreachable!("the {from} has no name of its own")
        }
    }
}

/// The last part of an object's name.
fn own_name(id: &ObjectId) -> &Ident {
    match id {
        ObjectId::Schema { name }
        | ObjectId::Extension { name }
        | ObjectId::Publication { name }
        | ObjectId::EventTrigger { name } => name,
        ObjectId::Type { name }
        | ObjectId::Sequence { name }
        | ObjectId::Function { name, .. }
        | ObjectId::Table { name }
        | ObjectId::Index { name }
        | ObjectId::View { name }
        | ObjectId::Collation { name }
        | ObjectId::Statistics { name } => &name.name,
        ObjectId::Column { name, .. }
        | ObjectId::Default { column: name, .. }
        | ObjectId::Constraint { name, .. }
        | ObjectId::Trigger { name, .. }
        | ObjectId::Policy { name, .. }
        | ObjectId::Rule { name, .. } => name,
        ObjectId::Privileges { .. }
        | ObjectId::Owner { .. }
        | ObjectId::DefaultPrivileges { .. }
        | ObjectId::ReplicaIdentity { .. }
        | ObjectId::ClusterMark { .. }
        | ObjectId::PublicationTable { .. }
        | ObjectId::PublicationSchema { .. } => {
            unreachable!("the {id} has no name of its own")
        }
    }
}
