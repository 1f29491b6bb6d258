//! Any object of a schema, and the small ones that have no file of their own.

use serde::{Deserialize, Serialize};

use super::{
    Collation, Column, Composite, Constraint, Default, Domain, Enum, EventTrigger, Function, Index,
    Policy, Privileges, Publication, PublicationTable, Range, Rule, Sequence, Statistics, Table,
    TableMark, Trigger, View,
};
use crate::name::Ident;

/// One object's whole definition, its comment included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// CREATE SCHEMA.
    Schema(Namespace),
    /// CREATE EXTENSION.
    Extension(Extension),
    /// CREATE TYPE … AS ENUM.
    Enum(Enum),
    /// CREATE DOMAIN, with its checks.
    Domain(Domain),
    /// CREATE TYPE … AS (…).
    Composite(Composite),
    /// CREATE TYPE … AS RANGE.
    Range(Range),
    /// CREATE SEQUENCE.
    Sequence(Sequence),
    /// CREATE FUNCTION, PROCEDURE or AGGREGATE.
    Function(Function),
    /// CREATE TABLE, without what stands beside it.
    Table(Table),
    /// One column of CREATE TABLE, without its default.
    Column(Column),
    /// DEFAULT or GENERATED ALWAYS AS (…).
    Default(Default),
    /// PRIMARY KEY, UNIQUE, CHECK, EXCLUDE or FOREIGN KEY.
    Constraint(Constraint),
    /// CREATE INDEX.
    Index(Index),
    /// CREATE VIEW or CREATE MATERIALIZED VIEW.
    View(View),
    /// CREATE TRIGGER.
    Trigger(Trigger),
    /// CREATE POLICY.
    Policy(Policy),
    /// CREATE RULE.
    Rule(Rule),
    /// GRANT on an object that is there.
    Privileges(Privileges),
    /// ALTER DEFAULT PRIVILEGES.
    DefaultPrivileges(Privileges),
    /// OWNER TO that role.
    Owner(Ident),
    /// CREATE COLLATION.
    Collation(Collation),
    /// CREATE STATISTICS.
    Statistics(Statistics),
    /// Of both kinds of identity.
    TableMark(TableMark),
    /// CREATE PUBLICATION.
    Publication(Publication),
    /// A table with its columns and row filter in a publication.
    PublicationTable(PublicationTable),
    /// TABLES IN SCHEMA: nothing beyond its identity.
    PublicationSchema,
    /// CREATE EVENT TRIGGER.
    EventTrigger(EventTrigger),
}

/// A PostgreSQL schema. (Called so because [`super::Schema`] is the whole.)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespace {
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// An installed extension; its member objects are its own and not listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Where its objects were put.
    pub schema: Ident,
    /// Only where it is not the one that this server installs by itself: another server has another.
    pub version: Option<String>,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// Something that the catalog holds and the model does not: reported, never passed over in silence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unmodelled {
    /// PostgreSQL's word for it: `publication`, `event trigger`, `grant`.
    pub kind: String,
    /// As PostgreSQL would name it.
    pub name: String,
    /// Its definition where PostgreSQL gives one, so that a difference between two is seen.
    pub definition: Option<String>,
}
