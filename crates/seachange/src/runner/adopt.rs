//! Recording migrations without running them, on a database that has what they make already: all of it
//! in one transaction, under the lock of every other run.

use std::collections::BTreeSet;

use seachange_schema::Schema;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::ability::Servers;
use super::commands::{finish, lock};
use super::error::RunnerError;
use super::event::Direction;
use super::history::{self, Noted};
use super::lock::Held;
use super::record::{self, Record};
use super::run::Run;
use crate::catalog;

/// What is to be recorded, and what was seen when that was decided.
pub struct Adoption<'a> {
    /// Applied from then on; the program has them.
    pub versions: &'a [String],
    /// Records of migrations that the program does not have.
    pub strangers: &'a [String],
    /// What becomes of the records of migrations that are no more.
    pub old_history: OldHistory,
    /// The records as they were.
    pub seen_records: &'a [String],
    /// The schema as it was.
    pub seen_schema: &'a Schema,
}

/// What becomes of records of migrations that the program does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldHistory {
    /// They stay, and runs pass over them.
    Kept,
    /// They become lines of `seachange_history`.
    Replaced,
}

/// Records it all, or nothing.
pub async fn adopt(run: &mut Run<'_>, adoption: &Adoption<'_>) -> Result<(), RunnerError> {
    let held = lock(run, &Servers::default()).await?;
    let result = within(run, &held, adoption).await;
    finish(held, result).await
}

async fn within(run: &Run<'_>, held: &Held, adoption: &Adoption<'_>) -> Result<(), RunnerError> {
    let mut books = held.books.lock().await;
    let mut transaction = books
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ")
        .await
        .map_err(RunnerError::books("beginning to record"))?;
    record_all(run, &mut transaction, adoption).await?;
    transaction
        .commit()
        .await
        .map_err(RunnerError::books("committing the record"))
}

async fn record_all(
    run: &Run<'_>,
    connection: &mut PgConnection,
    adoption: &Adoption<'_>,
) -> Result<(), RunnerError> {
    let table = &run.program.table;
    let records = record::read(connection, table).await?;
    let seen: BTreeSet<&String> = adoption.seen_records.iter().collect();
    if records
        .iter()
        .map(|one| &one.version)
        .collect::<BTreeSet<_>>()
        != seen
    {
        return Err(RunnerError::Meanwhile {
            what: "the record of migrations",
        });
    }
    if catalog::read_within(connection).await? != *adoption.seen_schema {
        return Err(RunnerError::Meanwhile {
            what: "the schema of the database",
        });
    }
    record::install(connection, table).await?;
    history::install_notes(connection).await?;
    for version in adoption.versions {
        let member = run.program.member(version);
        applied(connection, table, version).await?;
        let noted = Noted {
            version,
            direction: Direction::Up,
            entry: member.and_then(|member| member.entry.as_ref()),
            note: "baselined: recorded, not run".to_owned(),
        };
        history::write_noted(connection, &noted).await?;
    }
    for stranger in records {
        if !adoption.strangers.contains(&stranger.version) {
            continue;
        }
        match adoption.old_history {
            OldHistory::Kept => {
                let noted = Noted {
                    version: &stranger.version,
                    direction: Direction::Up,
                    entry: None,
                    note: history::KEPT.to_owned(),
                };
                history::write_noted(connection, &noted).await?;
            }
            OldHistory::Replaced => moved(connection, table, &stranger, "baseline").await?,
        }
    }
    Ok(())
}

/// Writes a version into the record.
pub(super) async fn applied(
    connection: &mut PgConnection,
    table: &str,
    version: &str,
) -> Result<(), RunnerError> {
    sqlx::query(AssertSqlSafe(record::sql(table, Direction::Up)))
        .bind(version)
        .execute(connection)
        .await
        .map_err(RunnerError::books("writing the record of migrations"))?;
    Ok(())
}

/// Takes a line out of the record, into the history.
pub(super) async fn moved(
    connection: &mut PgConnection,
    table: &str,
    line: &Record,
    by: &str,
) -> Result<(), RunnerError> {
    let at = line.applied_at.format("%Y-%m-%d %H:%M:%S UTC");
    let noted = Noted {
        version: &line.version,
        direction: Direction::Down,
        entry: None,
        note: format!("out of the record by {by}, not taken back; it was applied at {at}"),
    };
    history::write_noted(connection, &noted).await?;
    sqlx::query(AssertSqlSafe(record::sql(table, Direction::Down)))
        .bind(&line.version)
        .execute(connection)
        .await
        .map_err(RunnerError::books("writing the record of migrations"))?;
    Ok(())
}
