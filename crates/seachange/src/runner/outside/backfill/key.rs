//! The column that a backfill goes by: whether its order can be followed, by an index and over text.

use seachange_schema::name::literal;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::Backfill;

/// What is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// As it is cast to.
    pub(super) data_type: String,
    pub(super) nullable: bool,
    /// How many rows the table has, about.
    pub(super) estimated: Option<u64>,
}

/// Types whose text reads back as the same value, and whose order is total.
const TYPES: [&str; 12] = [
    "int2",
    "int4",
    "int8",
    "numeric",
    "uuid",
    "text",
    "varchar",
    "bpchar",
    "date",
    "timestamp",
    "timestamptz",
    "oid",
];

/// Looks the column up; `Err` says why it can't be gone by.
pub(super) async fn look_up(
    session: &mut PgConnection,
    backfill: &Backfill,
) -> Result<Result<Key, String>, sqlx::Error> {
    let (table, column) = (backfill.table.plain(), &backfill.directive.column);
    let sql = format!(
        "SELECT t.typname::text, format_type(a.atttypid, NULL), NOT a.attnotnull, \
                EXISTS (SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
                        JOIN pg_am m ON m.oid = c.relam \
                        WHERE i.indrelid = a.attrelid AND i.indkey[0] = a.attnum AND i.indisvalid \
                          AND i.indpred IS NULL AND m.amname = 'btree'), \
                (SELECT sum(c.reltuples)::bigint FROM pg_class c \
                  WHERE c.relkind = 'r' AND c.reltuples >= 0 AND (c.oid = a.attrelid \
                    OR c.oid IN (SELECT relid FROM pg_partition_tree(a.attrelid)))) \
         FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
         WHERE a.attrelid = to_regclass({}) AND a.attname = {} AND a.attnum > 0 AND NOT a.attisdropped",
        literal(&backfill.table.to_string()),
        literal(column)
    );
    let row = sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_optional(session)
        .await?;
    let Some(row) = row else {
        return Ok(Err(format!("there is no column `{column}` in `{table}`")));
    };
    let (name, data_type): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    if !TYPES.contains(&name.as_str()) {
        return Ok(Err(format!(
            "a backfill can't go by `{column}` of type `{data_type}`"
        )));
    }
    if !row.try_get::<bool, _>(3)? {
        return Ok(Err(format!(
            "a backfill by `{column}` would scan `{table}` for each batch: no index without a WHERE has that column first"
        )));
    }
    let estimated: Option<i64> = row.try_get(4)?;
    Ok(Ok(Key {
        data_type,
        nullable: row.try_get(2)?,
        estimated: estimated
            .and_then(|rows| u64::try_from(rows).ok())
            .filter(|rows| *rows > 0),
    }))
}
