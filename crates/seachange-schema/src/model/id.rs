//! The identity of an object: its kind and its name. Two objects with one identity are the same
//! object in two states.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Grantee, NewObjects};
use crate::name::{Ident, Name};

/// What an object is called, and of which kind it is.
///
/// Parts of a table (`Column`, `Default`, `Constraint`, `Trigger`, `Policy`, `Rule`) carry the
/// relation's name first, so that one relation's parts stand next to each other in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ObjectId {
    /// A namespace, as CREATE SCHEMA makes it.
    Schema {
        /// Unqualified.
        name: Ident,
    },
    /// An installed extension.
    Extension {
        /// As CREATE EXTENSION names it.
        name: Ident,
    },
    /// An enum, domain, composite or range type.
    Type {
        /// Qualified by its schema.
        name: Name,
    },
    /// A free sequence, or one that a serial column owns.
    Sequence {
        /// Qualified by its schema.
        name: Name,
    },
    /// `arguments` are the types of the input arguments, as `DROP FUNCTION` takes them.
    Function {
        /// Qualified by its schema; overloaded names differ in `arguments`.
        name: Name,
        /// `integer, text`; empty for none.
        arguments: String,
    },
    /// A table, partitioned or plain, or a partition.
    Table {
        /// Qualified by its schema.
        name: Name,
    },
    /// A table's column.
    Column {
        /// Whose column it is.
        table: Name,
        /// The column's own.
        name: Ident,
    },
    /// A column's default or generation expression.
    Default {
        /// Whose column it belongs to.
        table: Name,
        /// The column that has it.
        column: Ident,
    },
    /// Of a table; a domain's checks are part of the type.
    Constraint {
        /// Whose constraint it is.
        table: Name,
        /// Unique within the table alone.
        name: Ident,
    },
    /// An index that no constraint owns.
    Index {
        /// Qualified by the schema of its table.
        name: Name,
    },
    /// A view or materialized view.
    View {
        /// Qualified by its schema.
        name: Name,
    },
    /// `table` may name a view too.
    Trigger {
        /// What it fires on.
        table: Name,
        /// Unique within the table alone.
        name: Ident,
    },
    /// A row-level security policy.
    Policy {
        /// Whose rows it guards.
        table: Name,
        /// Unique within the table alone.
        name: Ident,
    },
    /// `table` may name a view too; a view's own `_RETURN` rule is the view.
    Rule {
        /// What it rewrites queries on.
        table: Name,
        /// Unique within the table alone.
        name: Ident,
    },
    /// What one grantee may do with `of`: a schema, type, sequence, function, table, view or column. The
    /// sequence may be one behind an identity column.
    Privileges {
        /// The object that the privileges are on.
        of: Box<ObjectId>,
        /// Who has them.
        to: Grantee,
    },
    /// Whose `of` is, where that is not whoever reads the schema: a schema, type, sequence, function, table,
    /// view, collation, extended statistics, publication or event trigger. What a table owns is its owner's.
    Owner {
        /// The object that is owned.
        of: Box<ObjectId>,
    },
    /// What one grantee may do with objects that are yet to be made.
    DefaultPrivileges {
        /// Whose new objects; none for whoever runs the migrations.
        role: Option<Ident>,
        /// None for every schema.
        schema: Option<Ident>,
        /// Which kind of object.
        on: NewObjects,
        /// Who is to have them.
        to: Grantee,
    },
    /// A collation that somebody made.
    Collation {
        /// Qualified by its schema.
        name: Name,
    },
    /// Extended statistics.
    Statistics {
        /// Qualified by its schema.
        name: Name,
    },
    /// What logical replication tells old rows apart by.
    ReplicaIdentity {
        /// Whose rows.
        table: Name,
    },
    /// Which index CLUSTER goes by.
    ClusterMark {
        /// The table that CLUSTER is to put in order.
        table: Name,
    },
    /// A publication, without its members.
    Publication {
        /// Unqualified: a publication belongs to the database.
        name: Ident,
    },
    /// A table's place in a publication.
    PublicationTable {
        /// The publication that it is in.
        publication: Ident,
        /// The member.
        table: Name,
    },
    /// A whole schema's place in a publication.
    PublicationSchema {
        /// The publication that it is in.
        publication: Ident,
        /// The member, with all of its tables.
        schema: Ident,
    },
    /// A trigger on commands.
    EventTrigger {
        /// Unqualified: an event trigger belongs to the database.
        name: Ident,
    },
}

impl ObjectId {
    /// PostgreSQL's word for the kind, as in `COMMENT ON <kind>`; views say `view` here, materialized or not.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Schema { .. } => "schema",
            Self::Extension { .. } => "extension",
            Self::Type { .. } => "type",
            Self::Sequence { .. } => "sequence",
            Self::Function { .. } => "function",
            Self::Table { .. } => "table",
            Self::Column { .. } => "column",
            Self::Default { .. } => "default",
            Self::Constraint { .. } => "constraint",
            Self::Index { .. } => "index",
            Self::View { .. } => "view",
            Self::Trigger { .. } => "trigger",
            Self::Policy { .. } => "policy",
            Self::Rule { .. } => "rule",
            Self::Privileges { .. } => "grant",
            Self::Owner { .. } => "owner",
            Self::DefaultPrivileges { .. } => "default privileges",
            Self::Collation { .. } => "collation",
            Self::Statistics { .. } => "statistics",
            Self::ReplicaIdentity { .. } => "replica identity",
            Self::ClusterMark { .. } => "cluster mark",
            Self::Publication { .. } => "publication",
            Self::PublicationTable { .. } => "published table",
            Self::PublicationSchema { .. } => "published schema",
            Self::EventTrigger { .. } => "event trigger",
        }
    }

    /// The table or view that this object is a part of, and goes with when that is dropped.
    ///
    /// An index is no part by its name; ask the index itself for its table.
    pub fn relation(&self) -> Option<&Name> {
        match self {
            Self::Column { table, .. }
            | Self::Default { table, .. }
            | Self::Constraint { table, .. }
            | Self::Trigger { table, .. }
            | Self::Policy { table, .. }
            | Self::Rule { table, .. }
            | Self::ReplicaIdentity { table }
            | Self::ClusterMark { table }
            | Self::PublicationTable { table, .. } => Some(table),
            Self::Privileges { of, .. } | Self::Owner { of } => match &**of {
                Self::Table { name } | Self::View { name } => Some(name),
                of => of.relation(),
            },
            Self::Schema { .. }
            | Self::Extension { .. }
            | Self::Type { .. }
            | Self::Sequence { .. }
            | Self::Function { .. }
            | Self::Table { .. }
            | Self::Index { .. }
            | Self::View { .. }
            | Self::DefaultPrivileges { .. }
            | Self::Collation { .. }
            | Self::Statistics { .. }
            | Self::Publication { .. }
            | Self::PublicationSchema { .. }
            | Self::EventTrigger { .. } => None,
        }
    }

    /// The identity after a rename of itself, or of the table or view that it is a part of.
    pub fn renamed(self, from: &Self, to: &Self) -> Self {
        if self == *from {
            return to.clone();
        }
        if let Self::Privileges { of, to: grantee } = self {
            return Self::Privileges {
                of: Box::new(of.renamed(from, to)),
                to: grantee,
            };
        }
        if let Self::Owner { of } = self {
            return Self::Owner {
                of: Box::new(of.renamed(from, to)),
            };
        }
        let (
            Self::Table { name: old } | Self::View { name: old },
            Self::Table { name: new } | Self::View { name: new },
        ) = (from, to)
        else {
            return match (self, from, to) {
                (
                    Self::Default { table, column },
                    Self::Column {
                        table: of,
                        name: old,
                    },
                    Self::Column { name: new, .. },
                ) if table == *of && column == *old => Self::Default {
                    table,
                    column: new.clone(),
                },
                (id, _, _) => id,
            };
        };
        let mut id = self;
        match &mut id {
            Self::Column { table, .. }
            | Self::Default { table, .. }
            | Self::Constraint { table, .. }
            | Self::Trigger { table, .. }
            | Self::Policy { table, .. }
            | Self::Rule { table, .. }
            | Self::ReplicaIdentity { table }
            | Self::ClusterMark { table }
            | Self::PublicationTable { table, .. }
                if table == old =>
            {
                *table = new.clone();
            }
            _ => {}
        }
        id
    }

    /// The identity with another name of its own, in the same schema or table.
    pub(crate) fn with_own_name(mut self, to: &Ident) -> Self {
        match &mut self {
            Self::Schema { name }
            | Self::Extension { name }
            | Self::Publication { name }
            | Self::EventTrigger { name }
            | Self::Column { name, .. }
            | Self::Default { column: name, .. }
            | Self::Constraint { name, .. }
            | Self::Trigger { name, .. }
            | Self::Policy { name, .. }
            | Self::Rule { name, .. } => *name = to.clone(),
            Self::Type { name }
            | Self::Sequence { name }
            | Self::Function { name, .. }
            | Self::Table { name }
            | Self::Index { name }
            | Self::View { name }
            | Self::Collation { name }
            | Self::Statistics { name } => name.name = to.clone(),
            Self::Privileges { .. }
            | Self::Owner { .. }
            | Self::DefaultPrivileges { .. }
            | Self::ReplicaIdentity { .. }
            | Self::ClusterMark { .. }
            | Self::PublicationTable { .. }
            | Self::PublicationSchema { .. } => {}
        }
        self
    }

    /// As people write it on a command line: `users`, `users.name`, `audit.log(text)`; unquoted.
    pub fn plain(&self) -> String {
        match self {
            Self::Schema { name }
            | Self::Extension { name }
            | Self::Publication { name }
            | Self::EventTrigger { name } => name.as_str().to_owned(),
            Self::Type { name }
            | Self::Sequence { name }
            | Self::Table { name }
            | Self::Index { name }
            | Self::View { name }
            | Self::Collation { name }
            | Self::Statistics { name } => name.plain(),
            Self::ReplicaIdentity { table } | Self::ClusterMark { table } => table.plain(),
            Self::PublicationTable { publication, table } => {
                format!("{} of {}", table.plain(), publication.as_str())
            }
            Self::PublicationSchema {
                publication,
                schema,
            } => format!("{} of {}", schema.as_str(), publication.as_str()),
            Self::Function { name, arguments } => format!("{}({arguments})", name.plain()),
            Self::Column { table, name }
            | Self::Default {
                table,
                column: name,
            }
            | Self::Constraint { table, name }
            | Self::Trigger { table, name }
            | Self::Policy { table, name }
            | Self::Rule { table, name } => format!("{}.{}", table.plain(), name.as_str()),
            Self::Privileges { of, to } => format!("on {of} to {}", to.plain()),
            Self::Owner { of } => format!("of {of}"),
            Self::DefaultPrivileges {
                role,
                schema,
                on,
                to,
            } => {
                let mut text = format!("on {}", on.word().to_lowercase());
                if let Some(schema) = schema {
                    text.push_str(&format!(" in schema {}", schema.as_str()));
                }
                if let Some(role) = role {
                    text.push_str(&format!(" of {}", role.as_str()));
                }
                format!("{text} to {}", to.plain())
            }
        }
    }
}

/// Kind and plain name: `table users`, `column users.name`.
impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.plain())
    }
}
