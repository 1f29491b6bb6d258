//! What became of a statement that was begun outside a transaction and whose end nobody saw: the catalog
//! is asked. Names are looked up in the session of the migration, with its `search_path`.

use seachange_schema::name::{Ident, literal};
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use crate::runner::statement::{Alone, Name, Reindexed, Wide};

/// What is to be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It took effect.
    Done,
    /// These complete it.
    Finish(Vec<String>),
    /// It left these to be cleared away, and is run again.
    Again(Vec<String>),
    /// Nobody but a person can know.
    Unknown,
}

/// What is there under the name of a statement before it begins: the number of an index, a partition or a
/// database in its catalog.
pub(super) async fn before(
    session: &mut PgConnection,
    alone: &Alone,
) -> Result<Option<i64>, sqlx::Error> {
    let sql = match alone {
        Alone::CreateIndex {
            index: Some(index),
            table,
        } => index_of(index, table),
        Alone::DropIndex { index } => format!("SELECT {}::bigint", oid(index)),
        Alone::Detach { parent, partition } => format!(
            "SELECT inhrelid::bigint FROM pg_inherits WHERE inhrelid = {} AND inhparent = {}",
            oid(partition),
            oid(parent)
        ),
        Alone::Create { kind, name } | Alone::Drop { kind, name } => wide(*kind, name),
        Alone::CreateIndex { index: None, .. } | Alone::Reindex(_) | Alone::Repeatable => {
            return Ok(None);
        }
    };
    number(session, sql).await
}

/// Finds out what happened to a statement, from what was there before.
pub(super) async fn verdict(
    session: &mut PgConnection,
    alone: &Alone,
    earlier: Option<i64>,
) -> Result<Verdict, sqlx::Error> {
    let now = before(session, alone).await?;
    Ok(match alone {
        Alone::CreateIndex { index: None, .. } => Verdict::Unknown,
        Alone::CreateIndex {
            index: Some(index),
            table,
        } => match now {
            // It was there before, so this statement has yet to fail on it, or to pass it by.
            None => Verdict::Again(Vec::new()),
            Some(_) if now == earlier => Verdict::Again(Vec::new()),
            Some(number) if is_valid(session, number).await? => {
                let belongs = format!(
                    "SELECT 1::bigint FROM pg_index WHERE indexrelid = {number} AND indrelid = {}",
                    oid(table)
                );
                match self::number(session, belongs).await? {
                    Some(_) => Verdict::Done,
                    None => Verdict::Unknown,
                }
            }
            Some(_) => {
                let schema = schema_of(session, table).await?;
                let name = Name {
                    schema,
                    name: index.clone(),
                };
                Verdict::Again(vec![format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")])
            }
        },
        Alone::DropIndex { .. } | Alone::Drop { .. } => match (earlier, now) {
            (Some(earlier), now) if now != Some(earlier) => Verdict::Done,
            _ => Verdict::Again(Vec::new()),
        },
        Alone::Create { .. } => match (earlier, now) {
            (None, Some(_)) => Verdict::Done,
            _ => Verdict::Again(Vec::new()),
        },
        Alone::Reindex(what) => Verdict::Again(leftovers(session, what).await?),
        Alone::Detach { parent, partition } => match (earlier, now) {
            (Some(_), None) => Verdict::Done,
            (_, Some(number)) if is_pending(session, number).await? => {
                Verdict::Finish(vec![format!(
                    "ALTER TABLE {parent} DETACH PARTITION {partition} FINALIZE"
                )])
            }
            _ => Verdict::Again(Vec::new()),
        },
        Alone::Repeatable => Verdict::Again(Vec::new()),
    })
}

/// The drops of what a REINDEX CONCURRENTLY left: indexes that are invalid and end as it names them.
async fn leftovers(
    session: &mut PgConnection,
    what: &Reindexed,
) -> Result<Vec<String>, sqlx::Error> {
    let scope = match what {
        Reindexed::Index(index) => format!(
            "i.indrelid = (SELECT indrelid FROM pg_index WHERE indexrelid = {})",
            oid(index)
        ),
        Reindexed::Table(table) => format!("i.indrelid = {}", oid(table)),
        Reindexed::Schema(schema) => format!("n.nspname = {}", literal(schema)),
        Reindexed::Database => "true".to_owned(),
    };
    let sql = format!(
        "SELECT 'DROP INDEX CONCURRENTLY IF EXISTS ' || c.oid::regclass::text \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND n.nspname <> 'pg_toast' \
           AND {scope} ORDER BY c.relname"
    );
    let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(session).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

async fn is_valid(session: &mut PgConnection, number: i64) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "SELECT 1::bigint FROM pg_index WHERE indexrelid = {number} AND indisvalid AND indisready"
    );
    Ok(self::number(session, sql).await?.is_some())
}

async fn is_pending(session: &mut PgConnection, number: i64) -> Result<bool, sqlx::Error> {
    let sql =
        format!("SELECT 1::bigint FROM pg_inherits WHERE inhrelid = {number} AND inhdetachpending");
    Ok(self::number(session, sql).await?.is_some())
}

async fn schema_of(
    session: &mut PgConnection,
    table: &Name,
) -> Result<Option<String>, sqlx::Error> {
    let sql = format!(
        "SELECT n.nspname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.oid = {}",
        oid(table)
    );
    let row = sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_optional(session)
        .await?;
    row.map(|row| row.try_get(0)).transpose()
}

async fn number(session: &mut PgConnection, sql: String) -> Result<Option<i64>, sqlx::Error> {
    let row = sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_optional(session)
        .await?;
    match row {
        Some(row) => row.try_get(0),
        None => Ok(None),
    }
}

/// An index stands in the schema of its table.
fn index_of(index: &str, table: &Name) -> String {
    format!(
        "SELECT i.oid::bigint FROM pg_class t JOIN pg_class i USING (relnamespace) \
         WHERE t.oid = {} AND i.relname = {}",
        oid(table),
        literal(index)
    )
}

fn wide(kind: Wide, name: &str) -> String {
    let (catalog, column) = match kind {
        Wide::Database => ("pg_database", "datname"),
        Wide::Tablespace => ("pg_tablespace", "spcname"),
        Wide::Subscription => ("pg_subscription", "subname"),
    };
    format!(
        "SELECT oid::bigint FROM {catalog} WHERE {column} = {}",
        literal(name)
    )
}

fn oid(name: &Name) -> String {
    let mut text = Ident::from(name.name.as_str()).to_string();
    if let Some(schema) = &name.schema {
        text = format!("{}.{text}", Ident::from(schema.as_str()));
    }
    format!("to_regclass({})::oid", literal(&text))
}
