//! `seachange_history`: every try, with what SeaORM's record has no place for: the hash that was
//! applied, how long it took, who did it, the statement reached, and what went wrong.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use sqlx::{AssertSqlSafe, PgConnection};
use tokio::sync::Mutex;

use super::error::RunnerError;
use super::event::Direction;
use super::program::Member;
use super::record;
use crate::migrations;

pub(super) const TABLE: &str = "seachange_history";

/// The note of a record of another history that a baseline has left where it is.
pub(super) const KEPT: &str = "kept by baseline";

const CREATE: &str = "\
CREATE TABLE IF NOT EXISTS seachange_history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('up', 'down')),
    outcome text NOT NULL CHECK (outcome IN ('running', 'done', 'failed')),
    hash text,
    parent text,
    statement integer,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    duration_ms bigint,
    executed_by text NOT NULL,
    tool_version text NOT NULL,
    error text,
    note text
)";

const INSERT: &str = "\
INSERT INTO seachange_history (version, direction, outcome, hash, parent, statement, started_at, \
    finished_at, duration_ms, executed_by, tool_version, error) \
VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() - $7 * interval '1 millisecond', \
    CASE WHEN $3 <> 'running' THEN clock_timestamp() END, \
    CASE WHEN $3 <> 'running' THEN $7 END, session_user || $8, $9, $10) \
RETURNING id";

/// A row that tells how a migration came to be where it is.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) version: String,
    pub(super) direction: Direction,
    pub(super) outcome: Outcome,
    pub(super) hash: Option<String>,
    pub(super) statement: Option<i32>,
    pub(super) started_at: DateTime<Utc>,
    pub(super) finished_at: Option<DateTime<Utc>>,
    pub(super) duration_ms: Option<i64>,
    pub(super) executed_by: String,
    pub(super) error: Option<String>,
    /// How it came to be recorded without being run: what has decided it.
    pub(super) note: Option<String>,
}

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Not at all: it is going on, or its runner was killed.
    Running,
    Done,
    Failed,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// A try to be written down.
pub(super) struct Try<'a> {
    pub(super) member: &'a Member,
    pub(super) direction: Direction,
    pub(super) outcome: Outcome,
    pub(super) statement: u32,
    pub(super) took: Duration,
    pub(super) error: Option<String>,
}

/// The row of a migration that is running outside a transaction.
#[derive(Clone)]
pub(super) struct Progress {
    books: Arc<Mutex<PgConnection>>,
    id: i64,
}

pub(super) async fn install(connection: &mut PgConnection) -> Result<(), RunnerError> {
    if record::exists(connection, TABLE).await? {
        return Ok(());
    }
    sqlx::raw_sql(CREATE)
        .execute(connection)
        .await
        .map_err(RunnerError::books("creating the history of migrations"))?;
    Ok(())
}

/// All rows, oldest first; none when the table is not there.
pub(super) async fn read(connection: &mut PgConnection) -> Result<Vec<Entry>, RunnerError> {
    if !record::exists(connection, TABLE).await? {
        return Ok(Vec::new());
    }
    type Row = (
        String,
        String,
        String,
        Option<String>,
        Option<i32>,
        i64,
        Option<i64>,
        Option<i64>,
        String,
        Option<String>,
        Option<String>,
    );
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT version, direction, outcome, hash, statement, \
                (extract(epoch FROM started_at) * 1000000)::bigint, \
                (extract(epoch FROM finished_at) * 1000000)::bigint, \
                duration_ms, executed_by, error, to_jsonb(entry) ->> 'note' \
         FROM seachange_history AS entry ORDER BY id",
    )
    .fetch_all(connection)
    .await
    .map_err(RunnerError::books("reading the history of migrations"))?;
    Ok(rows
        .into_iter()
        .map(|row| Entry {
            version: row.0,
            direction: if row.1 == "down" {
                Direction::Down
            } else {
                Direction::Up
            },
            outcome: match row.2.as_str() {
                "done" => Outcome::Done,
                "failed" => Outcome::Failed,
                _ => Outcome::Running,
            },
            hash: row.3,
            statement: row.4,
            started_at: DateTime::from_timestamp_micros(row.5).unwrap_or_default(),
            finished_at: row.6.and_then(DateTime::from_timestamp_micros),
            duration_ms: row.7,
            executed_by: row.8,
            error: row.9,
            note: row.10,
        })
        .collect())
}

/// Writes a try down, in the transaction of the migration.
pub(super) async fn write_within(
    connection: &impl ConnectionTrait,
    one: &Try<'_>,
) -> Result<(), DbErr> {
    let entry = one.member.entry.as_ref();
    connection
        .execute_raw(Statement::from_sql_and_values(
            DbBackend::Postgres,
            INSERT,
            [
                one.member.version.as_str().into(),
                one.direction.word().into(),
                one.outcome.word().into(),
                entry.map(|entry| entry.files.clone()).into(),
                entry.map(|entry| entry.parent.clone()).into(),
                count(one.statement).into(),
                millis(one.took).into(),
                operator().into(),
                env!("CARGO_PKG_VERSION").into(),
                one.error.clone().into(),
            ],
        ))
        .await?;
    Ok(())
}

/// Writes a try down, beside whatever becomes of its transaction.
pub(super) async fn write(
    books: &Arc<Mutex<PgConnection>>,
    one: &Try<'_>,
) -> Result<Progress, RunnerError> {
    let entry = one.member.entry.as_ref();
    let id = sqlx::query_scalar(INSERT)
        .bind(&one.member.version)
        .bind(one.direction.word())
        .bind(one.outcome.word())
        .bind(entry.map(|entry| &entry.files))
        .bind(entry.map(|entry| &entry.parent))
        .bind(count(one.statement))
        .bind(millis(one.took))
        .bind(operator())
        .bind(env!("CARGO_PKG_VERSION"))
        .bind(&one.error)
        .fetch_one(&mut *books.lock().await)
        .await
        .map_err(RunnerError::books("writing the history of migrations"))?;
    Ok(Progress {
        books: Arc::clone(books),
        id,
    })
}

/// Says of runs that were killed that they have ended; the lock is held, so nobody is at it any more.
pub(super) async fn close_dead(
    books: &Arc<Mutex<PgConnection>>,
    version: &str,
) -> Result<(), RunnerError> {
    sqlx::query(
        "UPDATE seachange_history SET outcome = 'failed', error = 'its runner was ended', \
         finished_at = clock_timestamp() WHERE version = $1 AND outcome = 'running'",
    )
    .bind(version)
    .execute(&mut *books.lock().await)
    .await
    .map_err(RunnerError::books("writing the history of migrations"))?;
    Ok(())
}

impl Progress {
    pub(super) fn id(&self) -> i64 {
        self.id
    }

    /// Written before the statement runs: what is read after a crash is then never too little.
    pub(super) async fn reached(&self, statement: u32) -> Result<(), DbErr> {
        sqlx::query("UPDATE seachange_history SET statement = $2 WHERE id = $1")
            .bind(self.id)
            .bind(count(statement))
            .execute(&mut *self.books.lock().await)
            .await
            .map_err(|error| {
                DbErr::Migration(format!("could not record the statement: {error}"))
            })?;
        Ok(())
    }

    /// It did all it had to: this and the record of it, in one statement.
    pub(super) async fn done(
        &self,
        table: &str,
        version: &str,
        direction: Direction,
        took: Duration,
        statements: u32,
    ) -> Result<(), RunnerError> {
        let sql = format!(
            "WITH finished AS (UPDATE seachange_history SET outcome = 'done', duration_ms = $3, \
             statement = $4, finished_at = clock_timestamp() WHERE id = $2), \
             cleared AS (DELETE FROM seachange_journal WHERE version = $1) {}",
            record::sql(table, direction)
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(version)
            .bind(self.id)
            .bind(millis(took))
            .bind(count(statements))
            .execute(&mut *self.books.lock().await)
            .await
            .map_err(RunnerError::books("writing the record of migrations"))?;
        Ok(())
    }

    /// It stopped on the way, outside a transaction at this statement.
    pub(super) async fn failed(
        &self,
        took: Duration,
        error: &str,
        statement: Option<u32>,
    ) -> Result<(), RunnerError> {
        sqlx::query(
            "UPDATE seachange_history SET outcome = 'failed', duration_ms = $2, error = $3, \
             statement = coalesce($4, statement), finished_at = clock_timestamp() WHERE id = $1",
        )
        .bind(self.id)
        .bind(millis(took))
        .bind(error)
        .bind(statement.and_then(count))
        .execute(&mut *self.books.lock().await)
        .await
        .map_err(RunnerError::books("writing the history of migrations"))?;
        Ok(())
    }
}

/// What is written down of a migration that is not run.
pub(super) struct Noted<'a> {
    pub(super) version: &'a str,
    /// Up where it is recorded from then on, down where its record goes.
    pub(super) direction: Direction,
    pub(super) entry: Option<&'a migrations::Entry>,
    pub(super) note: String,
}

/// Sees that notes have their column: tables of earlier versions have none.
pub(super) async fn install_notes(connection: &mut PgConnection) -> Result<(), RunnerError> {
    install(connection).await?;
    // Only where it is missing: whoever reads the table, a dump for one, would be waited for.
    let there: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_attribute \
         WHERE attrelid = to_regclass('seachange_history') AND attname = 'note' AND NOT attisdropped)",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(RunnerError::books("reading the history of migrations"))?;
    if there {
        return Ok(());
    }
    sqlx::raw_sql("ALTER TABLE seachange_history ADD COLUMN note text")
        .execute(connection)
        .await
        .map_err(RunnerError::books("adding to the history of migrations"))?;
    Ok(())
}

/// Writes down what is not run, in the transaction of the record.
pub(super) async fn write_noted(
    connection: &mut PgConnection,
    noted: &Noted<'_>,
) -> Result<(), RunnerError> {
    sqlx::query(
        "INSERT INTO seachange_history (version, direction, outcome, hash, parent, started_at, \
         finished_at, duration_ms, executed_by, tool_version, note) \
         VALUES ($1, $2, 'done', $3, $4, clock_timestamp(), clock_timestamp(), 0, \
         session_user || $5, $6, $7)",
    )
    .bind(noted.version)
    .bind(noted.direction.word())
    .bind(noted.entry.map(|entry| &entry.files))
    .bind(noted.entry.map(|entry| &entry.parent))
    .bind(operator())
    .bind(env!("CARGO_PKG_VERSION"))
    .bind(&noted.note)
    .execute(connection)
    .await
    .map_err(RunnerError::books("writing the history of migrations"))?;
    Ok(())
}

/// Who, beside the role: people share roles.
fn operator() -> String {
    ["USER", "LOGNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()))
        .map(|user| format!(" ({user})"))
        .unwrap_or_default()
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// A migration that sends its statements itself has none that are counted.
fn count(statement: u32) -> Option<i32> {
    (statement > 0).then(|| i32::try_from(statement).unwrap_or(i32::MAX))
}
