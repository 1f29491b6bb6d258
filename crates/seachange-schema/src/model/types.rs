//! Types that a schema defines, and sequences.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::name::{Ident, Name};

/// An enum type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enum {
    /// Labels in sort order.
    pub labels: Vec<String>,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// A domain: a type with conditions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// `format_type` of what it is a domain over.
    pub data_type: String,
    /// Only where it differs from the base type's own.
    pub collation: Option<String>,
    /// NOT NULL.
    pub not_null: bool,
    /// The expression, as PostgreSQL deparses it.
    pub default: Option<String>,
    /// By the constraint's name.
    pub checks: BTreeMap<Ident, DomainCheck>,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

impl Domain {
    /// Whether `next` may not allow a value that this one allows.
    pub(crate) fn stricter(&self, next: &Self) -> bool {
        let mut checks = next.checks.iter();
        (!self.not_null && next.not_null)
            || checks.any(|(name, check)| {
                let known = self.checks.get(name);
                known.is_none_or(|known| known.definition != check.definition)
            })
    }
}

/// One condition of a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainCheck {
    /// `pg_get_constraintdef`: `CHECK ((VALUE > 0))`.
    pub definition: String,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// A composite type that is no table's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composite {
    /// In their order.
    pub attributes: Vec<Attribute>,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// One attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Unique within the type.
    pub name: Ident,
    /// `format_type`.
    pub data_type: String,
    /// Only where it differs from the type's own.
    pub collation: Option<String>,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// A range type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// `name = value` pairs of CREATE TYPE … AS RANGE, in the manual's order: subtype,
    /// subtype_opclass, collation, canonical, subtype_diff, multirange_type_name.
    pub options: Vec<(String, String)>,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// A collation that somebody made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collation {
    /// `name = value` pairs of CREATE COLLATION: provider, locale or lc_collate and lc_ctype, deterministic,
    /// rules.
    pub options: Vec<(String, String)>,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// A sequence that is an object of its own, owned by a column (serial) or free.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// As CREATE SEQUENCE takes them.
    pub options: SequenceOptions,
    /// Emptied of its state after a crash. From version 15 on.
    pub unlogged: bool,
    /// OWNED BY: the table and its column.
    pub owned_by: Option<(Name, Ident)>,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// `pg_sequence`, of sequences and of identity columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceOptions {
    /// `smallint`, `integer` or `bigint`.
    pub data_type: String,
    /// START WITH.
    pub start: i64,
    /// INCREMENT BY; never 0.
    pub increment: i64,
    /// MINVALUE.
    pub min: i64,
    /// MAXVALUE.
    pub max: i64,
    /// CACHE: how many numbers a session takes at once.
    pub cache: i64,
    /// CYCLE: goes on from the other end.
    pub cycle: bool,
}
