//! Types that a schema defines, and sequences.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::name::{Ident, Name};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enum {
    /// Labels in sort order.
    pub labels: Vec<String>,
    pub comment: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// `format_type` of what it is a domain over.
    pub data_type: String,
    /// Only where it differs from the base type's own.
    pub collation: Option<String>,
    pub not_null: bool,
    pub default: Option<String>,
    pub checks: BTreeMap<Ident, DomainCheck>,
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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainCheck {
    /// `pg_get_constraintdef`: `CHECK ((VALUE > 0))`.
    pub definition: String,
    pub comment: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composite {
    pub attributes: Vec<Attribute>,
    pub comment: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    pub name: Ident,
    pub data_type: String,
    pub collation: Option<String>,
    pub comment: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// `name = value` pairs of CREATE TYPE … AS RANGE, in the manual's order: subtype,
    /// subtype_opclass, collation, canonical, subtype_diff, multirange_type_name.
    pub options: Vec<(String, String)>,
    pub comment: Option<String>,
}

/// A collation that somebody made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collation {
    /// `name = value` pairs of CREATE COLLATION: provider, locale or lc_collate and lc_ctype, deterministic,
    /// rules.
    pub options: Vec<(String, String)>,
    pub comment: Option<String>,
}

/// A sequence that is an object of its own, owned by a column (serial) or free.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    pub options: SequenceOptions,
    pub unlogged: bool,
    /// OWNED BY: the table and its column.
    pub owned_by: Option<(Name, Ident)>,
    pub comment: Option<String>,
}

/// `pg_sequence`, of sequences and of identity columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceOptions {
    /// `smallint`, `integer` or `bigint`.
    pub data_type: String,
    pub start: i64,
    pub increment: i64,
    pub min: i64,
    pub max: i64,
    pub cache: i64,
    pub cycle: bool,
}
