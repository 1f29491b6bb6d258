//! A query read through a cursor: what is not shown is not computed. Only for what has no effect, in a transaction that
//! only reads.

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Statement as _};

use super::outcome::{Given, Room, head};
use crate::answer::Refusal;

/// Whether a cursor takes it.
pub(super) fn takes(sql: &str) -> bool {
    let word: String = sql
        .trim_start_matches(|character: char| character.is_whitespace() || character == '(')
        .chars()
        .take_while(|character| character.is_ascii_alphabetic())
        .collect();
    ["select", "values", "table", "with"]
        .iter()
        .any(|it| word.eq_ignore_ascii_case(it))
}

pub(super) async fn read(
    connection: &mut PgConnection,
    sql: &str,
    room: &mut Room,
) -> Result<Given, Refusal> {
    // On a line of its own, so that a position can be told from the place of the statement, and a comment ends.
    let declare = format!("DECLARE shown NO SCROLL CURSOR FOR\n{sql}\n");
    connection
        .execute(sqlx::raw_sql(AssertSqlSafe(declare)))
        .await?;
    let fetch = format!("FETCH {} FROM shown", room.rows() + 1);
    let mut given = Given::default();
    let mut came = 0;
    {
        // One after the other: what there is no room for is not held.
        let mut rows = connection.fetch(sqlx::raw_sql(AssertSqlSafe(fetch)));
        while let Some(row) = rows.try_next().await? {
            came += 1;
            given.take(&row, room)?;
        }
    }
    if !given.more {
        given.counted = Some(came);
    }
    if came == 0 {
        given.columns = columns(connection).await?;
    }
    connection.execute("CLOSE shown").await?;
    Ok(given)
}

/// The columns of a result without rows: a fetched row would have told.
async fn columns(
    connection: &mut PgConnection,
) -> Result<Vec<(String, Option<sqlx::postgres::types::Oid>)>, Refusal> {
    let prepared = (&mut *connection)
        .prepare(sqlx::SqlStr::from_static("FETCH 0 FROM shown"))
        .await?;
    Ok(prepared.columns().iter().map(head).collect())
}

#[cfg(test)]
mod tests {
    use super::takes;

    #[test]
    fn queries_are_told_from_commands() {
        for sql in [
            "SELECT 1",
            "(select 1) union select 2",
            "with a as (select 1) table a",
            "VALUES (1)",
        ] {
            assert!(takes(sql), "{sql}");
        }
        for sql in ["SHOW all", "EXPLAIN SELECT 1", "selecting", "DO $$ $$"] {
            assert!(!takes(sql), "{sql}");
        }
    }
}
