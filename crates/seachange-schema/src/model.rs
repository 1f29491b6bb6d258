//! A schema as the catalog tells it: every object under its identity, and what each depends on.
//!
//! Text that PostgreSQL deparses (defaults, checks, index and view bodies) is kept as PostgreSQL
//! spells it under `search_path = public`, so that equal text means an equal object.

mod birth;
mod database;
mod id;
mod object;
mod owner;
mod partitions;
mod privilege;
mod relation;
mod routine;
mod schema;
mod types;

pub use database::{EventTrigger, Publication, PublicationTable};
pub use id::ObjectId;
pub use object::{Extension, Namespace, Object, Unmodelled};
pub use privilege::{Grantee, NewObjects, Privileges};
pub use relation::{
    Column, Constraint, ConstraintKind, Default, Generated, Identity, Index, Partition,
    Persistence, Policy, Rule, Statistics, Table, TableMark, Trigger, View,
};
pub use routine::{Function, FunctionKind};
pub use schema::Schema;
pub use types::{
    Attribute, Collation, Composite, Domain, DomainCheck, Enum, Range, Sequence, SequenceOptions,
};
