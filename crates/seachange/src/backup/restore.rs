//! Restoring a backup. The database that is to hold it is made beside the old one and takes its name when
//! pg_restore has succeeded completely; until then the old one is as it was.

mod fresh;
mod like;
mod list;
mod swap;

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;
use sqlx::{Connection as _, PgConnection};

pub(super) use list::list;
pub use swap::sessions;

use self::fresh::Fresh;
use super::child;
use super::dump::millis;
use super::error::BackupError;
use super::look::contents;
use crate::connection::{database_of, open, with_database};
use crate::runner::Interrupt;
use crate::server::{ClientProgram, Clients};

/// A restore as it is asked for.
#[derive(Clone, Debug)]
pub struct Restore {
    /// The backup.
    pub from: PathBuf,
    /// Which database it goes into.
    pub onto: Onto,
    /// How many of pg_restore's workers.
    pub jobs: u16,
    /// Whether objects get the owners that they had.
    pub owners: Owners,
    /// Where pg_restore is looked for.
    pub clients: Clients,
}

/// What becomes of the database that the URL names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Onto {
    /// A new one takes its place.
    Replaced(Others),
    /// It is empty, and is filled in one transaction.
    Empty,
    /// Nothing: a new one of this name is made beside it.
    New(String),
}

/// What becomes of sessions in the database that is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// They are in the way.
    Stay,
    /// They are ended.
    End,
}

/// Whom things belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owners {
    /// As in the backup, with its privileges.
    Kept,
    /// The role that restores; privileges are left out.
    LeftOut,
}

/// A backup that is restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Restored {
    /// Its name.
    pub database: String,
    /// How many entries of the backup's list were restored.
    pub entries: usize,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// Restores a backup: all of it, or nothing.
#[tracing::instrument(name = "restore", skip_all)]
pub async fn restore(
    url: &str,
    request: &Restore,
    interrupt: &Interrupt,
) -> Result<Restored, BackupError> {
    let begun = Instant::now();
    let database = database_of(url)?;
    let mut maintenance = open(&maintenance_url(url, &database)?, "restore").await?;
    let result = with_server(&mut maintenance, url, &database, request, interrupt).await;
    // With it goes nothing that is still needed.
    let _ = maintenance.close().await;
    let (database, entries) = result?;
    Ok(Restored {
        database,
        entries,
        duration_ms: millis(begun.elapsed()),
    })
}

/// A database that is not the one in question.
fn maintenance_url(url: &str, database: &str) -> Result<String, BackupError> {
    let other = match database {
        "postgres" => "template1",
        _ => "postgres",
    };
    Ok(with_database(url, other)?)
}

async fn with_server(
    maintenance: &mut PgConnection,
    url: &str,
    database: &str,
    request: &Restore,
    interrupt: &Interrupt,
) -> Result<(String, usize), BackupError> {
    let version: i32 = sqlx::query_scalar("SELECT current_setting('server_version_num')::int")
        .fetch_one(&mut *maintenance)
        .await
        .map_err(BackupError::asking("asking the server's version"))?;
    let program = request.clients.find("pg_restore", version.unsigned_abs())?;
    let entries = list(&program, &request.from, interrupt).await?.entries;
    let run = Run {
        program: &program,
        request,
        interrupt,
    };
    let name = match &request.onto {
        Onto::Empty => {
            let found = contents(url).await?;
            if !found.is_empty() {
                return Err(BackupError::NotEmpty {
                    database: database.to_owned(),
                    held: found.to_string(),
                });
            }
            run.fill(url, Way::OneTransaction)
                .await
                .map_err(stands(format!("`{database}` is as empty as it was")))?;
            database.to_owned()
        }
        Onto::New(name) => {
            if swap::exists(maintenance, name).await? {
                return Err(BackupError::DatabaseExists {
                    database: name.clone(),
                });
            }
            let fresh = Fresh::create(maintenance, database).await?;
            let done = async {
                run.fill(&fresh.url(url)?, Way::Fresh).await?;
                fresh.take_name(maintenance, name).await
            };
            let done = done.await;
            fresh
                .kept_if(maintenance, done, "no database was made")
                .await?;
            name.clone()
        }
        Onto::Replaced(others) => {
            swap::in_the_way(maintenance, database, *others).await?;
            let fresh = Fresh::create(maintenance, database).await?;
            let done = async {
                run.fill(&fresh.url(url)?, Way::Fresh).await?;
                like::copy_settings(maintenance, database, &fresh.name).await?;
                swap::swap(maintenance, database, &fresh, *others).await
            };
            let done = done.await;
            fresh
                .kept_if(maintenance, done, &format!("`{database}` is as it was"))
                .await?;
            database.to_owned()
        }
    };
    Ok((name, entries))
}

fn stands(stands: String) -> impl FnOnce(BackupError) -> BackupError {
    move |source| BackupError::NotRestored {
        source: Box::new(source),
        stands,
    }
}

/// What one pg_restore needs.
struct Run<'a> {
    program: &'a ClientProgram,
    request: &'a Restore,
    interrupt: &'a Interrupt,
}

/// How it goes into a database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// What it leaves when it fails is dropped with the database.
    Fresh,
    OneTransaction,
}

impl Run<'_> {
    async fn fill(&self, url: &str, way: Way) -> Result<(), BackupError> {
        let mut command = child::command(self.program);
        command.arg("--exit-on-error");
        match way {
            // Workers can't share a transaction.
            Way::OneTransaction => command.arg("--single-transaction"),
            Way::Fresh => command.arg(format!("--jobs={}", self.request.jobs.max(1))),
        };
        if self.request.owners == Owners::LeftOut {
            command.args(["--no-owner", "--no-privileges"]);
        }
        child::connected(&mut command, url);
        command.arg(absolute(&self.request.from));
        child::run(command, &self.program.path, self.interrupt).await?;
        Ok(())
    }
}

/// A name that can't pass for an option.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
