//! Tables and views, and the parts they are made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Grantee, SequenceOptions};
use crate::name::{Ident, Name};

/// A table's own facts; its columns, constraints, indexes and the rest are objects beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Whether it survives a crash.
    pub persistence: Persistence,
    /// Storage parameters as `name=value`, sorted (`pg_class.reloptions`).
    pub parameters: Vec<String>,
    /// `pg_get_partkeydef`: `RANGE (created_at)`.
    pub partition_by: Option<String>,
    /// Its place, if it is a partition.
    pub partition_of: Option<Partition>,
    /// Parents in order, for plain inheritance (a partition's parent is in `partition_of`).
    pub inherits: Vec<Name>,
    /// ENABLE ROW LEVEL SECURITY.
    pub row_security: bool,
    /// FORCE: policies bind the owner too.
    pub force_row_security: bool,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// `pg_class.relpersistence`; temporary tables are never part of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Persistence {
    /// Written to the log, so it is there after a crash.
    Permanent,
    /// Emptied after a crash, and not replicated.
    Unlogged,
}

/// The place of a partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partition {
    /// The partitioned table.
    pub parent: Name,
    /// `FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`, or `DEFAULT`.
    pub bound: String,
}

/// A column without its default, which is an object of its own ([`struct@Default`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Place in the table, from 1, without gaps; never a difference by itself.
    pub position: u32,
    /// `format_type`: `character varying(255)`, `user_role`, `integer[]`.
    pub data_type: String,
    /// Only where it differs from the type's own collation; quoted and qualified as needed.
    pub collation: Option<String>,
    /// NOT NULL.
    pub not_null: bool,
    /// GENERATED … AS IDENTITY.
    pub identity: Option<Identity>,
    /// `plain`, `external`, `extended` or `main`, only where it differs from the type's own.
    pub storage: Option<String>,
    /// `SET STATISTICS`, only where set.
    pub statistics: Option<i32>,
    /// `pglz` or `lz4`, only where set.
    pub compression: Option<String>,
    /// `n_distinct=5`, sorted (`pg_attribute.attoptions`).
    pub options: Vec<String>,
    /// False for a column that only exists because a parent table has it.
    pub local: bool,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// `GENERATED … AS IDENTITY`; its sequence is the column's own and no object beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// `ALWAYS`, else `BY DEFAULT`.
    pub always: bool,
    /// The sequence's name, in the table's schema.
    pub sequence: Ident,
    /// Of the sequence behind it.
    pub options: SequenceOptions,
}

/// A column's default, or what it is generated from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Default {
    /// `pg_get_expr`.
    pub expression: String,
    /// `GENERATED ALWAYS AS (expression)` rather than `DEFAULT expression`.
    pub generated: Option<Generated>,
}

/// When a generated column's value is computed (`pg_attribute.attgenerated`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Generated {
    /// When the row is written.
    Stored,
    /// When the row is read: from version 18 on.
    Virtual,
}

impl Generated {
    /// The keyword.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Stored => "STORED",
            Self::Virtual => "VIRTUAL",
        }
    }
}

/// A table constraint. NOT NULL is a fact of the column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// What it demands.
    pub kind: ConstraintKind,
    /// `pg_get_constraintdef`, with DEFERRABLE and NOT VALID where they hold.
    pub definition: String,
    /// The table's columns that it covers, in its order.
    pub columns: Vec<Ident>,
    /// The table that a foreign key points at.
    pub references: Option<Name>,
    /// False while a constraint is NOT VALID.
    pub validated: bool,
    /// False for one that only exists because a parent table has it.
    pub local: bool,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// What a constraint demands (`pg_constraint.contype`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintKind {
    /// PRIMARY KEY.
    PrimaryKey,
    /// UNIQUE.
    Unique,
    /// CHECK.
    Check,
    /// EXCLUDE.
    Exclusion,
    /// FOREIGN KEY.
    ForeignKey,
}

/// An index that belongs to no constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The table or materialized view.
    pub table: Name,
    /// CREATE UNIQUE INDEX.
    pub unique: bool,
    /// What follows `USING ` in `pg_get_indexdef`: `btree (lower(email)) INCLUDE (name) WHERE (…)`.
    pub definition: String,
    /// The partitioned index that this one is attached to.
    pub parent: Option<Name>,
    /// False for what an interrupted CREATE INDEX CONCURRENTLY left behind.
    pub valid: bool,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// A view or a materialized view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// CREATE MATERIALIZED VIEW.
    pub materialized: bool,
    /// `pg_get_viewdef` without the final semicolon.
    pub definition: String,
    /// Output columns in order: name and type. `CREATE OR REPLACE VIEW` can only add to their end.
    pub columns: Vec<(Ident, String)>,
    /// `pg_class.reloptions`, sorted: `security_barrier=true`, `check_option=local`.
    pub options: Vec<String>,
    /// False for a materialized view created WITH NO DATA and never refreshed.
    pub populated: bool,
    /// COMMENT ON it.
    pub comment: Option<String>,
    /// Comments on its columns.
    pub column_comments: BTreeMap<Ident, String>,
}

/// A trigger that was created by name (those of foreign keys are the constraint's).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// `pg_get_triggerdef`.
    pub definition: String,
    /// `pg_trigger.tgenabled`: `O` origin (the usual), `D` disabled, `R` replica, `A` always.
    pub enabled: char,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// A row-level security policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// PERMISSIVE, else RESTRICTIVE.
    pub permissive: bool,
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub command: String,
    /// Sorted.
    pub roles: Vec<Grantee>,
    /// USING: which rows are seen.
    pub using: Option<String>,
    /// WITH CHECK: which rows may be written.
    pub check: Option<String>,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// A rewrite rule other than a view's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// `pg_get_ruledef` without the final semicolon.
    pub definition: String,
    /// As a trigger's.
    pub enabled: char,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// An extended statistics object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// What is measured.
    pub table: Name,
    /// Of `ndistinct`, `dependencies` and `mcv`; none for those on a single expression.
    pub kinds: Vec<String>,
    /// Sorted: the order is none of PostgreSQL's business.
    pub columns: Vec<Ident>,
    /// As PostgreSQL deparses them.
    pub expressions: Vec<String>,
    /// `SET STATISTICS`, only where set.
    pub target: Option<i32>,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// What a table says about one of its indexes, or about itself as the source of replication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableMark {
    /// REPLICA IDENTITY FULL, NOTHING, USING INDEX.
    ReplicaFull,
    /// Old rows are not told.
    ReplicaNothing,
    /// By that index, which is unique and on columns that are NOT NULL.
    ReplicaIndex(Ident),
    /// CLUSTER ON.
    Clustered(Ident),
}
