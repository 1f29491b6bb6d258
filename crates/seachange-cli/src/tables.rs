//! The tables of a database and how many rows they hold.

use seachange_schema::Name;
use serde::Serialize;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::failure::Failure;

/// From here on a table is not counted, but estimated: counting reads all of it.
const LARGE: f32 = 100_000.0;

/// Every table but the tools' own records, and partitions, whose rows count with the whole.
const TABLES: &str = "\
SELECT n.nspname::text, c.relname::text, c.reltuples, has_table_privilege(c.oid, 'SELECT') \
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition \
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
  AND NOT (c.relname = 'seaql_migrations' OR c.relname LIKE 'seachange\\_%') \
ORDER BY n.nspname <> 'public', n.nspname, c.relname";

/// A table and its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Rows {
    pub(crate) table: String,
    /// None when it may not be read, and PostgreSQL never estimated it.
    pub(crate) rows: Option<i64>,
    /// Counted, not estimated.
    pub(crate) exact: bool,
}

impl Rows {
    /// `12` or `~120000`.
    pub(crate) fn shown(&self) -> String {
        match (self.rows, self.exact) {
            (Some(rows), true) => rows.to_string(),
            (Some(rows), false) => format!("~{rows}"),
            (None, _) => "?".to_owned(),
        }
    }
}

/// Counts what can be counted in a moment; two queries, however many tables there are.
pub(crate) async fn rows(connection: &mut PgConnection) -> Result<Vec<Rows>, Failure> {
    let tables: Vec<(String, String, f32, bool)> = sqlx::query_as(TABLES)
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| failed(&error))?;
    let mut all = Vec::new();
    let mut counts = Vec::new();
    for (schema, table, estimate, readable) in tables {
        let name = Name::new(&schema, &table);
        // Below zero: never analysed, so probably small.
        let exact = readable && estimate < LARGE;
        if exact {
            counts.push(format!("SELECT {}, count(*) FROM {name}", all.len()));
        }
        all.push(Rows {
            table: name.plain(),
            #[expect(clippy::cast_possible_truncation, reason = "an estimate")]
            rows: (estimate >= 0.0).then_some(estimate as i64),
            exact,
        });
    }
    if counts.is_empty() {
        return Ok(all);
    }
    let counted: Vec<(i32, i64)> = sqlx::query_as(AssertSqlSafe(counts.join(" UNION ALL ")))
        .fetch_all(connection)
        .await
        .map_err(|error| failed(&error))?;
    for (place, count) in counted {
        if let Some(rows) = usize::try_from(place).ok().and_then(|at| all.get_mut(at)) {
            rows.rows = Some(count);
        }
    }
    Ok(all)
}

fn failed(error: &sqlx::Error) -> Failure {
    Failure::new("cannot count the rows of the tables")
        .help("run it again; a table that is being changed makes it wait, and a timeout may end it")
        .because(error)
}
