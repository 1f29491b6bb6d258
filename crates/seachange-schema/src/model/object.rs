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
    Schema(Namespace),
    Extension(Extension),
    Enum(Enum),
    Domain(Domain),
    Composite(Composite),
    Range(Range),
    Sequence(Sequence),
    Function(Function),
    Table(Table),
    Column(Column),
    Default(Default),
    Constraint(Constraint),
    Index(Index),
    View(View),
    Trigger(Trigger),
    Policy(Policy),
    Rule(Rule),
    Privileges(Privileges),
    DefaultPrivileges(Privileges),
    Owner(Ident),
    Collation(Collation),
    Statistics(Statistics),
    /// Of both kinds of identity.
    TableMark(TableMark),
    Publication(Publication),
    PublicationTable(PublicationTable),
    PublicationSchema,
    EventTrigger(EventTrigger),
}

/// A PostgreSQL schema. (Called so because [`super::Schema`] is the whole.)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespace {
    pub comment: Option<String>,
}

/// An installed extension; its member objects are its own and not listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    pub schema: Ident,
    /// Only where it is not the one that this server installs by itself: another server has another.
    pub version: Option<String>,
    pub comment: Option<String>,
}

/// Something that the catalog holds and the model does not: reported, never passed over in silence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unmodelled {
    /// PostgreSQL's word for it: `publication`, `event trigger`, `grant`.
    pub kind: String,
    pub name: String,
    /// Its definition where PostgreSQL gives one, so that a difference between two is seen.
    pub definition: Option<String>,
}
