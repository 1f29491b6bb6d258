//! What earlier pushes declared: a table in the database itself, one row an object.

use std::collections::BTreeSet;

use seachange_schema::{ObjectId, Rename};
use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::PushError;

const CREATE: &str =
    "CREATE TABLE IF NOT EXISTS public.seachange_declared (object text PRIMARY KEY)";

/// The objects that the last push declared; none where there was no push.
pub(super) async fn read(connection: &mut PgConnection) -> Result<BTreeSet<ObjectId>, PushError> {
    let there: bool =
        sqlx::query_scalar("SELECT to_regclass('public.seachange_declared') IS NOT NULL")
            .fetch_one(&mut *connection)
            .await?;
    if !there {
        return Ok(BTreeSet::new());
    }
    let rows = sqlx::query("SELECT object FROM public.seachange_declared")
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            let text: &str = row.try_get(0)?;
            serde_json::from_str(text).map_err(|error| PushError::Record(error.to_string()))
        })
        .collect()
}

/// Takes down what is declared now, in the caller's transaction.
pub(super) async fn write(
    connection: &mut PgConnection,
    declared: &BTreeSet<ObjectId>,
) -> Result<(), PushError> {
    let objects: Result<Vec<String>, _> = declared.iter().map(serde_json::to_string).collect();
    let objects = objects.map_err(|error| PushError::Record(error.to_string()))?;
    sqlx::raw_sql(AssertSqlSafe(format!(
        "{CREATE}; DELETE FROM public.seachange_declared"
    )))
    .execute(&mut *connection)
    .await?;
    sqlx::query("INSERT INTO public.seachange_declared SELECT unnest($1::text[])")
        .bind(objects)
        .execute(connection)
        .await?;
    Ok(())
}

/// A rename takes the declaration along, a table's with all its parts.
pub(super) fn follow(declared: &mut BTreeSet<ObjectId>, rename: &Rename) {
    let Rename::Object { from, to } = rename else {
        return;
    };
    *declared = std::mem::take(declared)
        .into_iter()
        .map(|id| id.renamed(from, to))
        .collect();
}
