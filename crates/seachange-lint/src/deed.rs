//! What a statement does, as plain values in PostgreSQL's words: one deed, or several where an ALTER TABLE does
//! several things. Read from the tree once; the rules never see the tree's shape.

mod alter_table;
mod constraint;
mod create;
mod data;
mod drop;
mod read;
mod session;

use seachange_schema::{Ident, Name};

pub(crate) use read::deeds;

use crate::finding::Lock;
use crate::syntax::DataType;

/// One thing that a statement does, and where it says so.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    pub(crate) start: usize,
    pub(crate) what: What,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    CreateTable(NewTable),
    AddColumn {
        table: Name,
        column: NewColumn,
    },
    DropColumn {
        table: Name,
        column: Ident,
    },
    AlterColumn {
        table: Name,
        column: Ident,
        change: ColumnChange,
    },
    AddConstraint {
        table: Name,
        constraint: NewConstraint,
    },
    DropConstraint {
        table: Name,
        name: Ident,
    },
    ValidateConstraint {
        table: Name,
        name: Ident,
    },
    RenameColumn {
        table: Name,
        column: Ident,
        to: Ident,
    },
    AttachPartition {
        parent: Name,
        partition: Name,
        default: bool,
    },
    DetachPartition {
        parent: Name,
        partition: Name,
        concurrently: bool,
    },
    /// SET LOGGED, SET TABLESPACE and the like, in its own words.
    RewriteTable {
        table: Name,
        by: &'static str,
    },
    DisableTrigger {
        table: Name,
    },
    Rename {
        kind: Kind,
        name: Name,
        to: Name,
    },
    CreateIndex(NewIndex),
    DropIndex {
        name: Name,
        concurrently: bool,
    },
    Reindex {
        target: Target,
        concurrently: bool,
    },
    CreateView {
        name: Name,
        materialized: bool,
    },
    CreateType {
        name: Name,
    },
    Drop {
        kind: Kind,
        name: Name,
        cascade: bool,
    },
    Truncate {
        tables: Vec<Name>,
    },
    DomainCheck {
        domain: Name,
        not_valid: bool,
    },
    AddLabel {
        of: Name,
        label: String,
    },
    RenameLabel {
        of: Name,
        label: String,
    },
    ChangeRows {
        table: Name,
        by: RowChange,
    },
    Set {
        parameter: String,
        value: String,
        scope: Scope,
    },
    Reset {
        parameter: Option<String>,
    },
    /// BEGIN, COMMIT and their kin, in its first word.
    Transaction {
        word: String,
    },
    Vacuum {
        full: bool,
        tables: Vec<Name>,
    },
    Cluster {
        table: Option<Name>,
    },
    Refresh {
        view: Name,
        concurrently: bool,
    },
    Lock {
        tables: Vec<Name>,
        mode: String,
    },
    /// Anything else that locks a table for a moment.
    Locks {
        table: Name,
        lock: Lock,
    },
    /// DO: what it does is in a string.
    Block,
    /// What PostgreSQL refuses inside a transaction and is no other deed here.
    NeedsNoTransaction {
        what: &'static str,
    },
    Other,
}

/// Kinds of objects that are dropped or renamed by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Table,
    View,
    MaterializedView,
    Index,
    Sequence,
    Type,
    Domain,
    Function,
    Schema,
    Extension,
    Trigger,
    Policy,
    Database,
    Owned,
}

#[derive(Clone, Debug)]
pub(crate) struct NewTable {
    pub(crate) name: Name,
    pub(crate) temporary: bool,
    pub(crate) if_not_exists: bool,
    pub(crate) columns: Vec<NewColumn>,
    pub(crate) constraints: Vec<NewConstraint>,
    pub(crate) partition_of: Option<Name>,
    /// AS SELECT, LIKE, INHERITS, OF: its columns are said elsewhere.
    pub(crate) derived: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct NewColumn {
    pub(crate) start: usize,
    pub(crate) name: Ident,
    pub(crate) data_type: Option<DataType>,
    pub(crate) not_null: bool,
    pub(crate) default: Option<Expression>,
    pub(crate) generated: bool,
    pub(crate) virtual_: bool,
    pub(crate) identity: bool,
    /// CHECK, REFERENCES, UNIQUE and PRIMARY KEY written behind the column.
    pub(crate) constraints: Vec<NewConstraint>,
}

/// An expression, as far as rules ask about it.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub(crate) text: String,
    /// The functions that it calls, in lower case, without their schema.
    pub(crate) calls: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum ColumnChange {
    Type {
        to: DataType,
        using: Option<Expression>,
    },
    SetNotNull,
    DropNotNull,
    AddIdentity,
    SetExpression,
    Other,
}

#[derive(Clone, Debug)]
pub(crate) struct NewConstraint {
    pub(crate) start: usize,
    pub(crate) name: Option<Ident>,
    pub(crate) kind: ConstraintKind,
    pub(crate) columns: Vec<Ident>,
    pub(crate) references: Option<Name>,
    pub(crate) not_valid: bool,
    /// USING INDEX: nothing is built.
    pub(crate) using_index: Option<Ident>,
    /// ALTER TABLE ONLY: of a partitioned table, no partition is touched.
    pub(crate) only: bool,
    /// Its text without its name, for recipes.
    pub(crate) definition: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConstraintKind {
    PrimaryKey,
    Unique,
    Exclusion,
    ForeignKey,
    Check,
    NotNull,
}

#[derive(Clone, Debug)]
pub(crate) struct NewIndex {
    pub(crate) name: Option<Name>,
    pub(crate) table: Name,
    pub(crate) unique: bool,
    pub(crate) concurrently: bool,
    pub(crate) if_not_exists: bool,
    /// ON ONLY: of a partitioned table, no partition is touched.
    pub(crate) only: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Target {
    Index(Name),
    Table(Name),
    /// SCHEMA, DATABASE, SYSTEM.
    Many,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowChange {
    /// An UPDATE or DELETE of every row.
    Every { delete: bool },
    /// One with a condition, or rows inserted from a query.
    Some,
    /// INSERT … VALUES.
    Insert,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Session,
    Local,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Index => "index",
            Self::Sequence => "sequence",
            Self::Type => "type",
            Self::Domain => "domain",
            Self::Function => "function",
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Trigger => "trigger",
            Self::Policy => "policy",
            Self::Database => "database",
            Self::Owned => "everything owned by",
        }
    }
}

impl NewConstraint {
    /// Its name, else the one that PostgreSQL gives it on that table, behind that column if it stands there.
    pub(crate) fn called(&self, table: &Name, column: Option<&Ident>) -> String {
        if let Some(name) = &self.name {
            return name.as_str().to_owned();
        }
        let table = table.name.as_str();
        let columns: Vec<&str> = match column {
            Some(column) => vec![column.as_str()],
            None => self.columns.iter().map(Ident::as_str).collect(),
        };
        let end = match self.kind {
            ConstraintKind::PrimaryKey => return format!("{table}_pkey"),
            ConstraintKind::Unique => "key",
            ConstraintKind::Exclusion => "excl",
            ConstraintKind::ForeignKey => "fkey",
            ConstraintKind::Check => "check",
            ConstraintKind::NotNull => "not_null",
        };
        match columns.is_empty() {
            true => format!("{table}_{end}"),
            false => format!("{table}_{}_{end}", columns.join("_")),
        }
    }
}
