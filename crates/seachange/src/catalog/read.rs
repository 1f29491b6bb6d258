//! The meeting with the database: one snapshot, pinned settings, one message with every query.

use futures_util::TryStreamExt;
use seachange_schema::{Schema, spelling};
use sqlx::{AssertSqlSafe, Connection, Either, PgConnection, Row};

use super::assembly::Assembly;
use super::error::CatalogError;
use super::topic::TOPICS;
use crate::postgresql::OLDEST;

/// What PostgreSQL's deparsed text depends on, pinned for the time of the reading. The savepoint
/// gives the caller's settings back. JIT compilation takes longer than the queries, and what they
/// sort and hash is small beside what a server has, but not beside its usual `work_mem`.
const BEFORE: &str = "SAVEPOINT seachange_catalog;
SET LOCAL datestyle = 'ISO, MDY';
SET LOCAL intervalstyle = postgres;
SET LOCAL timezone = 'UTC';
SET LOCAL extra_float_digits = 1;
SET LOCAL bytea_output = hex;
SET LOCAL xmlbinary = base64;
SET LOCAL quote_all_identifiers = off;
SET LOCAL jit = off;
SET LOCAL work_mem = '64MB';
";

const AFTER: &str = "ROLLBACK TO SAVEPOINT seachange_catalog;
RELEASE SAVEPOINT seachange_catalog;
";

/// Reads a schema in a transaction of its own: one snapshot, and nothing can be written.
pub async fn read(connection: &mut PgConnection) -> Result<Schema, CatalogError> {
    let mut transaction = connection
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        .await
        .map_err(CatalogError::Transaction)?;
    let schema = read_within(&mut transaction).await?;
    transaction
        .rollback()
        .await
        .map_err(CatalogError::Transaction)?;
    Ok(schema)
}

/// Reads a schema inside the caller's open transaction, and sees what that one has done. It leaves
/// the caller's settings as they were; a failure leaves the transaction failed.
#[tracing::instrument(name = "catalog", skip_all)]
pub async fn read_within(connection: &mut PgConnection) -> Result<Schema, CatalogError> {
    // A server that does not say its version is asked what the oldest one can answer.
    let version = (connection.server_version_num()).map_or(OLDEST, |number| number / 10_000);
    if version < OLDEST {
        return Err(CatalogError::Version(version));
    }
    let mut text = BEFORE.to_owned();
    for topic in &TOPICS {
        text.push_str(topic.query(version));
    }
    text.push_str(AFTER);

    // All go in one message, so that a distant server costs one round trip, and each answer is
    // taken apart while the server works on the next.
    let mut assembly = Assembly::default();
    let mut topics = TOPICS.iter();
    let mut results = sqlx::raw_sql(AssertSqlSafe(text)).fetch_many(connection);
    loop {
        // The first topic without an answer is the one that is being answered.
        let current = topics.as_slice().first();
        let name = current.map_or("settings", |topic| topic.name);
        let failed = |source| CatalogError::Query {
            topic: name,
            source,
        };
        let row = match results.try_next().await.map_err(failed)? {
            Some(Either::Right(row)) => row,
            Some(Either::Left(_)) => continue,
            None => break,
        };
        let answer: &str = row.try_get(0).map_err(failed)?;
        if let Some(topic) = topics.next() {
            (topic.assemble)(answer, &mut assembly).map_err(|source| CatalogError::Answer {
                topic: name,
                source,
            })?;
        }
    }
    let mut schema = assembly.finish();
    spelling::settle(&mut schema);
    Ok(schema)
}
