//! What belongs to the database and to no schema: publications and event triggers.

use serde::{Deserialize, Serialize};

use crate::name::Ident;

/// A publication without its members, which are objects of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// FOR ALL TABLES.
    pub all_tables: bool,
    /// `name = value` of WITH, where a value is not the usual one: publish, publish_via_partition_root.
    pub options: Vec<(String, String)>,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// A table in a publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationTable {
    /// Sorted; none for every column. From version 15 on.
    pub columns: Option<Vec<Ident>>,
    /// The row filter, as PostgreSQL deparses it. From version 15 on.
    pub filter: Option<String>,
}

/// What CREATE EVENT TRIGGER makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTrigger {
    /// `ddl_command_start`, `ddl_command_end`, `sql_drop`, `table_rewrite` or `login`.
    pub event: String,
    /// Command tags in order; none for every command.
    pub tags: Vec<String>,
    /// With its parentheses, quoted and qualified as needed.
    pub function: String,
    /// As a trigger's.
    pub enabled: char,
    /// COMMENT ON it.
    pub comment: Option<String>,
}
