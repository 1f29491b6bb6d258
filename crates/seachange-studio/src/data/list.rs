//! All tables and views, with what the catalog estimates of them.

use serde::Deserialize;
use sqlx::PgConnection;

use super::Kind;

/// One of them.
#[derive(Debug, Deserialize)]
pub(crate) struct Listed {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// As of the last ANALYZE or VACUUM; none where there was none, and for views.
    pub(crate) rows: Option<i64>,
    /// With indexes and TOAST; of a partitioned table with all partitions.
    pub(crate) bytes: i64,
    pub(crate) comment: Option<String>,
}

/// A partition is part of its table, and not listed by itself.
const LIST: &str = r#"
SELECT coalesce(json_agg(json_build_object(
    'schema', n.nspname, 'name', c.relname, 'kind', c.relkind,
    'rows', CASE
        WHEN c.relkind = 'p' THEN (
            SELECT sum(greatest(leaf.reltuples, 0))::bigint FROM pg_partition_tree(c.oid) tree
            JOIN pg_class leaf ON leaf.oid = tree.relid WHERE tree.isleaf AND leaf.reltuples >= 0)
        WHEN c.relkind IN ('r', 'm') AND c.reltuples >= 0 THEN c.reltuples::bigint END,
    'bytes', CASE
        WHEN c.relkind = 'p' THEN (SELECT coalesce(sum(pg_total_relation_size(tree.relid)), 0)::bigint
            FROM pg_partition_tree(c.oid) tree WHERE tree.isleaf)
        WHEN c.relkind IN ('r', 'm') THEN pg_total_relation_size(c.oid) ELSE 0 END,
    'comment', obj_description(c.oid, 'pg_class')
) ORDER BY n.nspname <> 'public', n.nspname, c.relname), '[]')::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
  AND has_schema_privilege(n.oid, 'USAGE')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
"#;

pub(crate) async fn list(connection: &mut PgConnection) -> Result<Vec<Listed>, sqlx::Error> {
    let text: String = sqlx::query_scalar(LIST).fetch_one(connection).await?;
    serde_json::from_str(&text).map_err(|error| sqlx::Error::Decode(error.into()))
}
