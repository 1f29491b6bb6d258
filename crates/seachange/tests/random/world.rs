//! A schema as a plain value: small numbers for names and choices, so that it shrinks well. What one
//! thing says of another is a key that may lead nowhere; then it is left out when SQL is written.

use std::collections::BTreeMap;

/// What stands for a name: see `names`.
pub(crate) type Key = u8;

#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) schemas: BTreeMap<Key, Remark>,
    pub(crate) types: BTreeMap<Key, Defined>,
    pub(crate) sequences: BTreeMap<Key, Sequence>,
    pub(crate) functions: BTreeMap<Key, Function>,
    pub(crate) tables: BTreeMap<Key, Table>,
    pub(crate) views: BTreeMap<Key, View>,
}

/// A comment.
pub(crate) type Remark = Option<u8>;

/// A type of the schema's own.
#[derive(Clone, Debug)]
pub(crate) struct Defined {
    pub(crate) schema: Key,
    pub(crate) shape: Shape,
    pub(crate) remark: Remark,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Enum(Vec<u8>),
    Domain(Domain),
    Composite(Vec<(Key, Type)>),
    Range(Type),
}

#[derive(Clone, Debug)]
pub(crate) struct Domain {
    pub(crate) of: Type,
    pub(crate) not_null: bool,
    pub(crate) default: Option<u8>,
    pub(crate) check: Option<u8>,
}

/// The type of a column, an attribute or an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// One of PostgreSQL's own: see `types`.
    Plain(u8),
    /// One that the schema defines.
    Own(Key),
    ArrayOfPlain(u8),
    ArrayOfOwn(Key),
}

#[derive(Clone, Debug)]
pub(crate) struct Sequence {
    pub(crate) schema: Key,
    /// `smallint`, `integer` or `bigint`.
    pub(crate) size: u8,
    pub(crate) options: u8,
    pub(crate) owner: Option<(Key, Key)>,
    pub(crate) remark: Remark,
}

#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) schema: Key,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) result: Outcome,
    pub(crate) body: Body,
    pub(crate) volatility: u8,
    pub(crate) remark: Remark,
}

#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub(crate) name: Option<Key>,
    pub(crate) of: Type,
    pub(crate) default: Option<u8>,
}

#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Value(Type),
    Trigger,
    /// A procedure.
    Nothing,
    Rows(Key),
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    /// A text that PostgreSQL does not track.
    Text,
    /// `BEGIN ATOMIC`, which may read a table, a view or call a function.
    Parsed(Option<Reads>),
    /// plpgsql.
    Procedural,
}

#[derive(Clone, Debug)]
pub(crate) enum Reads {
    Table(Key, Key),
    View(Key),
    Function(Key),
}

#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) schema: Key,
    pub(crate) place: Place,
    pub(crate) columns: BTreeMap<Key, Column>,
    pub(crate) constraints: BTreeMap<Key, Constraint>,
    pub(crate) indexes: BTreeMap<Key, Index>,
    pub(crate) triggers: BTreeMap<Key, Trigger>,
    pub(crate) policies: BTreeMap<Key, Policy>,
    pub(crate) rules: BTreeMap<Key, Rule>,
    /// Unlogged, storage parameters, row security.
    pub(crate) facts: u8,
    pub(crate) remark: Remark,
}

#[derive(Clone, Debug)]
pub(crate) enum Place {
    Alone,
    /// Partitioned by its first column.
    Partitioned(Method),
    Partition {
        of: Key,
        share: u8,
        again: Option<Method>,
    },
    Heir(Key),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Method {
    Range,
    List,
    Hash,
}

#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) of: Type,
    pub(crate) not_null: bool,
    pub(crate) filled: Filled,
    /// Collation, storage, statistics.
    pub(crate) facts: u8,
    pub(crate) remark: Remark,
}

#[derive(Clone, Debug)]
pub(crate) enum Filled {
    Not,
    Literal(u8),
    Call(Key),
    Next(Key),
    Serial,
    Identity { always: bool, options: u8 },
    Generated(Expression),
}

/// What is made of a column, or of several.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub(crate) column: Key,
    pub(crate) form: u8,
}

#[derive(Clone, Debug)]
pub(crate) enum Constraint {
    Primary(Vec<Key>),
    Unique {
        columns: Vec<Key>,
        facts: u8,
    },
    Foreign {
        columns: Vec<Key>,
        table: Key,
        /// The constraint that is pointed at.
        target: Key,
        facts: u8,
    },
    Check {
        truth: Expression,
        facts: u8,
    },
    Exclusion {
        column: Key,
        facts: u8,
    },
}

#[derive(Clone, Debug)]
pub(crate) struct Index {
    pub(crate) parts: Vec<Expression>,
    pub(crate) unique: bool,
    pub(crate) method: u8,
    pub(crate) only: Option<Expression>,
    pub(crate) include: Option<Key>,
    pub(crate) remark: Remark,
}

#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub(crate) function: Key,
    pub(crate) event: u8,
    pub(crate) column: Key,
    pub(crate) when: Option<Expression>,
    pub(crate) enabled: u8,
    pub(crate) remark: Remark,
}

#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) command: u8,
    pub(crate) using: Expression,
    pub(crate) check: Option<Expression>,
    pub(crate) looks_at: Option<Key>,
    pub(crate) remark: Remark,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) form: u8,
    pub(crate) column: Key,
    pub(crate) other: Key,
    pub(crate) enabled: u8,
    pub(crate) remark: Remark,
}

#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) schema: Key,
    pub(crate) materialized: bool,
    pub(crate) from: Source,
    pub(crate) form: u8,
    pub(crate) columns: Vec<Expression>,
    pub(crate) only: Option<Expression>,
    pub(crate) facts: u8,
    pub(crate) index: Option<u8>,
    pub(crate) trigger: Option<Key>,
    pub(crate) remark: Remark,
}

#[derive(Clone, Debug)]
pub(crate) enum Source {
    Table(Key),
    View(Key),
}
