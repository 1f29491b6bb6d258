//! `seachange_journal`: a line for each statement of a migration that stands half-way outside a
//! transaction. When the migration is done its lines go, with the record of it.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use seachange_schema::name::{Ident, literal};
use serde::Serialize;
use sqlx::{AssertSqlSafe, PgConnection};

use super::unit::{Unit, Way};
use crate::migrations::sql_hash;
use crate::runner::error::RunnerError;
use crate::runner::event::Direction;
use crate::runner::failure::in_effect;
use crate::runner::record;

pub(in crate::runner) const JOURNAL: &str = "seachange_journal";

const CREATE: &str = "\
CREATE TABLE IF NOT EXISTS seachange_journal (
    version text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('up', 'down')),
    statement integer NOT NULL,
    statements integer NOT NULL,
    hash text NOT NULL,
    state text NOT NULL CHECK (state IN ('begun', 'failed', 'done')),
    before bigint,
    key text,
    rows_seen bigint NOT NULL DEFAULT 0,
    rows_changed bigint NOT NULL DEFAULT 0,
    note text,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (version, direction, statement)
)";

/// What is known of one statement.
#[derive(Clone, Debug)]
pub(in crate::runner) struct Line {
    pub(super) statement: u32,
    statements: u32,
    pub(super) hash: String,
    pub(super) state: Reached,
    /// What was there under the name before it began, by its number in the catalog.
    pub(super) before: Option<i64>,
    /// A backfill's last committed key, as text.
    pub(super) key: Option<String>,
    pub(super) rows_seen: u64,
    pub(super) rows_changed: u64,
    written_at: DateTime<Utc>,
}

/// How far a statement came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(super) enum Reached {
    Begun,
    /// The server said that it did not do it; it may have left something behind.
    Failed,
    Done,
}

/// A migration that stands between two statements, or in one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Halfway {
    /// Up, or back again.
    pub direction: Direction,
    /// The statement that the next run goes on with, from 1.
    pub statement: u32,
    /// How many the file had.
    pub of: u32,
    /// Whether that statement was begun and its end was not seen.
    pub begun: bool,
    /// The rows that a backfill went over so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// When that was written down.
    pub at: DateTime<Utc>,
}

/// Where it stands, and what the next run does.
impl fmt::Display for Halfway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            direction,
            statement,
            of,
            begun,
            rows,
            at: _,
        } = self;
        write!(f, "half-way {direction}: ")?;
        if statement > of {
            return f.write_str("all statements are done, the next run records it");
        }
        let stays = in_effect(*statement);
        write!(
            f,
            "{stays}; the next run goes on with statement {statement} of {of}"
        )?;
        match (rows, begun) {
            (Some(rows), _) => write!(f, ", a backfill, behind {rows} rows"),
            (None, true) => f.write_str(", and looks first whether it took effect"),
            (None, false) => Ok(()),
        }
    }
}

/// Every line by the migration and the way it was going.
pub(in crate::runner) type Lines = BTreeMap<(String, Direction), Vec<Line>>;

/// Where the journal is and what it is about.
pub(super) struct Journal<'a> {
    pub(super) schema: &'a str,
    pub(super) version: &'a str,
    pub(super) direction: Direction,
    pub(super) statements: u32,
    /// The row of history of this run.
    pub(super) history: i64,
}

/// A line to be written.
pub(super) struct Entry<'a> {
    pub(super) unit: &'a Unit<'a>,
    pub(super) state: Reached,
    pub(super) before: Option<i64>,
    pub(super) key: Option<&'a str>,
    pub(super) rows_seen: u64,
    pub(super) rows_changed: u64,
    pub(super) note: Option<&'a str>,
}

pub(in crate::runner) async fn install(connection: &mut PgConnection) -> Result<(), RunnerError> {
    if record::exists(connection, JOURNAL).await? {
        return Ok(());
    }
    sqlx::raw_sql(CREATE)
        .execute(connection)
        .await
        .map_err(RunnerError::books("creating the journal of migrations"))?;
    Ok(())
}

/// All lines; none where the table is not there.
pub(in crate::runner) async fn read(connection: &mut PgConnection) -> Result<Lines, RunnerError> {
    // Who looks at the status may be allowed less than who migrates.
    let readable: bool = sqlx::query_scalar(
        "SELECT coalesce(has_table_privilege(to_regclass('seachange_journal'), 'SELECT'), false)",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(RunnerError::books("looking for the journal of migrations"))?;
    if !readable {
        return Ok(Lines::new());
    }
    type Row = (
        String,
        String,
        i32,
        i32,
        String,
        String,
        Option<i64>,
        Option<String>,
        i64,
        i64,
        i64,
    );
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT version, direction, statement, statements, hash, state, before, key, rows_seen, \
                rows_changed, (extract(epoch FROM written_at) * 1000000)::bigint \
         FROM seachange_journal ORDER BY version, direction, statement",
    )
    .fetch_all(connection)
    .await
    .map_err(RunnerError::books("reading the journal of migrations"))?;
    let mut lines = Lines::new();
    for row in rows {
        let direction = match row.1.as_str() {
            "down" => Direction::Down,
            _ => Direction::Up,
        };
        lines.entry((row.0, direction)).or_default().push(Line {
            statement: row.2.unsigned_abs(),
            statements: row.3.unsigned_abs(),
            hash: row.4,
            state: match row.5.as_str() {
                "begun" => Reached::Begun,
                "failed" => Reached::Failed,
                _ => Reached::Done,
            },
            before: row.6,
            key: row.7,
            rows_seen: row.8.unsigned_abs(),
            rows_changed: row.9.unsigned_abs(),
            written_at: DateTime::from_timestamp_micros(row.10).unwrap_or_default(),
        });
    }
    Ok(lines)
}

/// A hash of everything that says where migrations stand half-way; not of when it was written.
pub(in crate::runner) fn fingerprint(lines: &Lines) -> String {
    let mut text = String::new();
    for ((version, direction), lines) in lines {
        for line in lines {
            text.push_str(&format!(
                "{version} {direction} {} {} {} {:?} {:?} {:?} {} {}\n",
                line.statement,
                line.statements,
                line.hash,
                line.state,
                line.before,
                line.key,
                line.rows_seen,
                line.rows_changed
            ));
        }
    }
    sql_hash(&text)
}

impl Line {
    /// One that failed and is no backfill has done nothing that a mended statement could not take the
    /// place of.
    pub(super) fn is_open_to_change(&self) -> bool {
        self.state == Reached::Failed
    }
}

impl Halfway {
    /// From the lines of one migration and one way.
    pub(in crate::runner) fn of(direction: Direction, lines: &[Line]) -> Option<Self> {
        let last = lines.last()?;
        let open = lines.iter().find(|line| line.state != Reached::Done);
        Some(Self {
            direction,
            statement: open.map_or(last.statement + 1, |line| line.statement),
            of: last.statements,
            begun: open.is_some_and(|line| line.state == Reached::Begun),
            rows: open.map(|line| line.rows_seen).filter(|rows| *rows > 0),
            at: lines.iter().map(|line| line.written_at).max()?,
        })
    }
}

impl Entry<'_> {
    pub(super) fn of<'a>(unit: &'a Unit<'a>, state: Reached) -> Entry<'a> {
        Entry {
            unit,
            state,
            before: None,
            key: None,
            rows_seen: 0,
            rows_changed: 0,
            note: None,
        }
    }
}

impl Journal<'_> {
    /// Writes a line, and into the history which statement is reached. As one text without parameters:
    /// a migration may have emptied the session of what was prepared in it. The line keeps what was
    /// there before the statement began the first time.
    pub(super) fn sql(&self, entry: &Entry<'_>) -> String {
        let schema = Ident::from(self.schema);
        let state = match entry.state {
            Reached::Begun => "begun",
            Reached::Failed => "failed",
            Reached::Done => "done",
        };
        let optional = |text: Option<&str>| text.map_or("NULL".to_owned(), literal);
        format!(
            "WITH reached AS (UPDATE {schema}.seachange_history SET statement = {number} WHERE id = {history}) \
             INSERT INTO {schema}.seachange_journal AS line (version, direction, statement, statements, hash, \
                 state, before, key, rows_seen, rows_changed, note) \
             VALUES ({version}, '{direction}', {number}, {statements}, '{hash}', '{state}', {before}, {key}, \
                 {seen}, {changed}, {note}) \
             ON CONFLICT (version, direction, statement) DO UPDATE SET statements = EXCLUDED.statements, \
                 hash = EXCLUDED.hash, state = EXCLUDED.state, key = coalesce(EXCLUDED.key, line.key), \
                 before = CASE WHEN EXCLUDED.state = 'begun' THEN EXCLUDED.before ELSE line.before END, \
                 rows_seen = greatest(EXCLUDED.rows_seen, line.rows_seen), \
                 rows_changed = greatest(EXCLUDED.rows_changed, line.rows_changed), \
                 note = coalesce(EXCLUDED.note, line.note), written_at = clock_timestamp()",
            number = entry.unit.number,
            history = self.history,
            version = literal(self.version),
            direction = self.direction,
            statements = self.statements,
            hash = entry.unit.hash,
            before = entry
                .before
                .map_or("NULL".to_owned(), |before| before.to_string()),
            key = optional(entry.key),
            seen = entry.rows_seen,
            changed = entry.rows_changed,
            note = optional(entry.note),
        )
    }

    /// The lines of this migration as they are now.
    pub(super) async fn lines(&self, books: &mut PgConnection) -> Result<Vec<Line>, RunnerError> {
        let mut all = read(books).await?;
        Ok(all
            .remove(&(self.version.to_owned(), self.direction))
            .unwrap_or_default())
    }

    /// Makes the journal say that the statements before this one are done and none from it on was
    /// begun, as somebody has found out by looking.
    pub(super) async fn set(
        &self,
        books: &mut PgConnection,
        units: &[Unit<'_>],
        number: u32,
    ) -> Result<(), RunnerError> {
        let mut sql = format!(
            "BEGIN; DELETE FROM {}.seachange_journal WHERE version = {} AND direction = '{}' \
             AND (statement > {number} OR statement = {number} AND key IS NULL);",
            Ident::from(self.schema),
            literal(self.version),
            self.direction,
        );
        let before = units.iter().filter(|unit| unit.number < number);
        for unit in before.filter(|unit| !matches!(unit.way, Way::Session)) {
            let mut entry = Entry::of(unit, Reached::Done);
            entry.note = Some("said to be done");
            sql.push_str(&self.sql(&entry));
            sql.push(';');
        }
        sql.push_str("COMMIT");
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(books)
            .await
            .map_err(RunnerError::books("writing the journal of migrations"))?;
        Ok(())
    }
}
