//! Sending SQL text over the simple protocol, as psql does, and placing what goes wrong.

use std::borrow::Cow;

use futures_util::StreamExt;
use sqlx::{AssertSqlSafe, Either, Executor, PgConnection};

use super::error::SqlError;
use super::statements::{Statement, StatementKind, statements};

/// SQL text and the name that errors call it by, mostly its path.
#[derive(Clone, Copy, Debug)]
pub struct SqlText<'a> {
    /// As errors name it.
    pub path: &'a str,
    /// The whole of it.
    pub text: &'a str,
}

/// Runs a whole text in one message: one transaction of its own if none is open, and nothing is
/// carried out when any of it is no SQL. The server completes statement after statement, so the
/// one that failed is known even where PostgreSQL points at no position.
pub async fn run_sql(connection: &mut PgConnection, sql: SqlText<'_>) -> Result<(), SqlError> {
    let all = statements(sql.text);
    for statement in &all {
        refuse(sql, statement)?;
    }
    let to_run: Vec<&Statement<'_>> = all
        .iter()
        .filter(|one| one.kind != StatementKind::Restrict)
        .collect();
    if to_run.is_empty() {
        return Ok(());
    }
    let mut completed = 0;
    let text = sendable(sql.text, &all);
    let mut results = connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(text.into_owned())));
    while let Some(result) = results.next().await {
        match result {
            Ok(Either::Left(_)) => completed += 1,
            Ok(Either::Right(_)) => {}
            Err(error) => {
                let running = to_run.get(completed).copied();
                return Err(SqlError::placed(&error, sql, 0, &all, running));
            }
        }
    }
    Ok(())
}

/// Runs a whole text as psql would: each statement by itself where one of them does not bear the
/// company of others, such as CREATE INDEX CONCURRENTLY or the use of a label just added to an enum.
pub async fn run_script(connection: &mut PgConnection, sql: SqlText<'_>) -> Result<(), SqlError> {
    const IN_TRANSACTION: &str = "25001";
    const LABEL_NOT_COMMITTED: &str = "55P04";
    let error = match run_sql(connection, sql).await {
        Err(error) => error,
        Ok(()) => return Ok(()),
    };
    let all = statements(sql.text);
    // What was sent together was undone together, unless the text itself committed some of it.
    let undone = all.iter().all(|one| one.kind != StatementKind::Transaction);
    match error.sqlstate.as_deref() {
        Some(IN_TRANSACTION | LABEL_NOT_COMMITTED) if undone => {
            for statement in &all {
                run_statement(connection, sql, statement).await?;
            }
            Ok(())
        }
        _ => Err(error),
    }
}

/// Runs one statement of a text by itself, for what must not share a message with others.
pub async fn run_statement(
    connection: &mut PgConnection,
    sql: SqlText<'_>,
    statement: &Statement<'_>,
) -> Result<(), SqlError> {
    refuse(sql, statement)?;
    if statement.kind == StatementKind::Restrict {
        return Ok(());
    }
    let sent = sqlx::raw_sql(AssertSqlSafe(statement.text.to_owned()));
    match connection.execute(sent).await {
        Ok(_) => Ok(()),
        Err(error) => Err(SqlError::of_statement(&error, sql, statement)),
    }
}

/// Text that only psql understands.
pub(crate) fn refuse(sql: SqlText<'_>, statement: &Statement<'_>) -> Result<(), SqlError> {
    let (message, remedy) = match statement.kind {
        StatementKind::Sql | StatementKind::Transaction | StatementKind::Restrict => return Ok(()),
        StatementKind::PsqlCommand => (
            "this is a command of psql, not SQL",
            "write it in SQL, or run the file with psql",
        ),
        StatementKind::CopyData => (
            "COPY with data inside the file is understood by psql alone",
            "write the rows as INSERT (pg_dump --inserts), or dump the schema alone (pg_dump -s)",
        ),
    };
    Err(SqlError::refused(sql, statement, message, remedy))
}

/// The text with what psql keeps to itself blanked out, so that positions stay the same.
fn sendable<'a>(text: &'a str, all: &[Statement<'_>]) -> Cow<'a, str> {
    let mut sent = Cow::Borrowed(text);
    for one in all.iter().rev() {
        if one.kind == StatementKind::Restrict {
            let blank = " ".repeat(one.text.chars().count());
            sent.to_mut()
                .replace_range(one.offset..one.offset + one.text.len(), &blank);
        }
    }
    sent
}
