//! What the catalog is asked, in the order in which the answers are assembled: what later topics
//! refer to comes first.

use super::assembly::Assembly;
use super::{
    columns, constraints, depends, indexes, namespaces, privileges, routines, rules, sequences,
    tables, types, unmodelled, views,
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
    pub(super) assemble: Assemble,
}

type Assemble = fn(&str, &mut Assembly) -> Result<(), serde_json::Error>;

macro_rules! topic {
    ($name:literal, $file:literal, $assemble:path) => {
        Topic {
            name: $name,
            query: concat!(
                "SET LOCAL search_path = pg_catalog, pg_temp;\n",
                "SELECT CASE WHEN set_config('search_path', 'public', true) = 'public' THEN (\n",
                include_str!("queries/scope.sql"),
                "SELECT coalesce(json_agg(q), '[]')::text FROM (\n",
                include_str!(concat!("queries/", $file)),
                ") q) END;\n"
            ),
            assemble: $assemble,
        }
    };
}

/// Columns that came after version 14 are read as `to_jsonb(row) ->> 'column'`, so that the same
/// text runs everywhere.
pub(super) const TOPICS: [Topic; 24] = [
    topic!("schemas", "namespaces.sql", namespaces::schemas),
    topic!("extensions", "extensions.sql", namespaces::extensions),
    topic!("enums", "enums.sql", types::enums),
    topic!("domains", "domains.sql", types::domains),
    topic!("composite types", "composites.sql", types::composites),
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
