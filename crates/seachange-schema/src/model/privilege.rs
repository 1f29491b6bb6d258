//! Who may do what: grants on one object, and those that new objects are born with.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::name::Ident;

/// Whom a privilege is granted to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Grantee {
    /// Everybody.
    Public,
    /// Whoever owns the object: another role on each server, so it has no name here.
    Owner,
    /// A role by its name.
    Role(Ident),
}

impl Grantee {
    /// As people write it, unquoted.
    pub fn plain(&self) -> &str {
        match self {
            Self::Public => "public",
            Self::Owner => "its owner",
            Self::Role(name) => name.as_str(),
        }
    }
}

/// As GRANT takes it (PostgreSQL manual, GRANT, "role_specification"). Migrations run as the owner.
impl fmt::Display for Grantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("PUBLIC"),
            Self::Owner => f.write_str("CURRENT_USER"),
            Self::Role(name) => write!(f, "{name}"),
        }
    }
}

/// How one grantee's privileges differ from those that an object of the kind is born with when nobody
/// has said anything (PostgreSQL manual, 5.7 "Privileges": everything for the owner, EXECUTE on
/// functions and USAGE on types for PUBLIC).
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, std::default::Default,
)]
pub struct Privileges {
    /// What the grantee has beyond them: `SELECT`, and whether WITH GRANT OPTION.
    pub granted: BTreeMap<String, bool>,
    /// What was taken from the grantee.
    pub revoked: BTreeSet<String>,
}

/// What default privileges are about, as ALTER DEFAULT PRIVILEGES names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NewObjects {
    /// Views too.
    Tables,
    /// Of identity and serial columns too.
    Sequences,
    /// Procedures and aggregates too.
    Functions,
    /// Domains too.
    Types,
    /// Namespaces.
    Schemas,
    /// From version 18 on.
    LargeObjects,
}

impl NewObjects {
    /// As it stands behind ON in the command.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tables => "TABLES",
            Self::Sequences => "SEQUENCES",
            Self::Functions => "FUNCTIONS",
            Self::Types => "TYPES",
            Self::Schemas => "SCHEMAS",
            Self::LargeObjects => "LARGE OBJECTS",
        }
    }
}
