//! What the catalog is asked, in the order in which the answers are assembled: what later topics
//! refer to comes first.

use super::assembly::Assembly;
use super::{
    columns, constraints, database, depends, indexes, namespaces, owners, privileges, routines,
    rules, sequences, statistics, tables, types, unmodelled, views,
};

/// One query and what becomes of its rows.
pub(super) struct Topic {
    /// For error messages: `could not read the <name> of the catalog`.
    pub(super) name: &'static str,
    /// What gives one row of one column: a JSON array of rows.
    ///
    /// Names in the query are looked up before it runs, in `pg_catalog` alone: nobody's function or
    /// operator in `public` is called by the one who reads the catalog, whose rights may be greater.
    /// When it runs, CASE first has the deparsing functions leave `public` out of what they write.
    pub(super) query: &'static str,
    /// Another query from a major version on, where the same text can't run everywhere.
    pub(super) newer: Option<(u32, &'static str)>,
    pub(super) assemble: Assemble,
}

type Assemble = fn(&str, &mut Assembly) -> Result<(), serde_json::Error>;

impl Topic {
    /// What a server of that major version is asked.
    pub(super) fn query(&self, version: u32) -> &'static str {
        match self.newer {
            Some((since, newer)) if version >= since => newer,
            _ => self.query,
        }
    }
}

macro_rules! query {
    ($file:literal) => {
        concat!(
            "SET LOCAL search_path = pg_catalog, pg_temp;\n",
            "SELECT CASE WHEN set_config('search_path', 'public', true) = 'public' THEN (\n",
            include_str!("queries/scope.sql"),
            "SELECT coalesce(json_agg(q), '[]')::text FROM (\n",
            include_str!(concat!("queries/", $file)),
            ") q) END;\n"
        )
    };
}

macro_rules! topic {
    ($name:literal, $file:literal, $assemble:path) => {
        Topic {
            name: $name,
            query: query!($file),
            newer: None,
            assemble: $assemble,
        }
    };
    ($name:literal, $file:literal, $since:literal => $newer:literal, $assemble:path) => {
        Topic {
            name: $name,
            query: query!($file),
            newer: Some(($since, query!($newer))),
            assemble: $assemble,
        }
    };
}

/// Columns that came after version 14 are read as `to_jsonb(row) ->> 'column'`, so that the same
/// text runs everywhere. How versions differ is told in `postgresql.rs`.
pub(super) const TOPICS: [Topic; 32] = [
    topic!("schemas", "namespaces.sql", namespaces::schemas),
    topic!("extensions", "extensions.sql", namespaces::extensions),
    topic!("enums", "enums.sql", types::enums),
    topic!("domains", "domains.sql", types::domains),
    topic!("composite types", "composites.sql", types::composites),
    topic!("collations", "collations.sql", types::collations),
    topic!("range types", "ranges.sql", types::ranges),
    topic!("functions", "functions.sql", routines::functions),
    topic!("aggregates", "aggregates.sql", routines::aggregates),
    topic!("tables", "tables.sql", tables::assemble),
    topic!("columns", "columns.sql", columns::assemble),
    topic!("sequences", "sequences.sql", sequences::assemble),
    topic!("constraints", "constraints.sql", constraints::assemble),
    topic!("views", "views.sql", views::assemble),
    topic!("indexes", "indexes.sql", indexes::assemble),
    topic!("triggers", "triggers.sql", rules::triggers),
    topic!("policies", "policies.sql", rules::policies),
    topic!("rules", "rules.sql", rules::rules),
    topic!("privileges", "privileges.sql", privileges::assemble),
    topic!(
        "default privileges",
        "default_privileges.sql",
        privileges::defaults
    ),
    topic!("statistics", "statistics.sql", statistics::assemble),
    topic!("replica identities", "table_marks.sql", statistics::marks),
    topic!("publications", "publications.sql", database::publications),
    topic!(
        "published tables",
        "publication_tables.sql",
        15 => "publication_tables_15.sql",
        database::tables
    ),
    topic!(
        "published schemas",
        "publication_schemas.sql",
        15 => "publication_schemas_15.sql",
        database::schemas
    ),
    topic!(
        "event triggers",
        "event_triggers.sql",
        database::event_triggers
    ),
    topic!("owners", "owners.sql", owners::assemble),
    topic!("dependences", "depends.sql", depends::assemble),
    topic!(
        "other objects",
        "unmodelled_objects.sql",
        unmodelled::assemble
    ),
    topic!("other facts", "unmodelled_facts.sql", unmodelled::assemble),
    topic!(
        "other comments",
        "unmodelled_comments.sql",
        unmodelled::assemble
    ),
    topic!(
        "other grants",
        "unmodelled_grants.sql",
        unmodelled::assemble
    ),
];
