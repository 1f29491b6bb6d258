//! One runner at a time: a session-level advisory lock on a connection of its own, and the only door
//! to a connection that changes the schema.
//!
//! It is polled, not waited for in the server: a session that waits inside `pg_advisory_lock` holds a
//! snapshot, and a CREATE INDEX CONCURRENTLY of the one who holds the lock would wait for that
//! snapshot to end, for ever.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use tokio::sync::Mutex;

use super::ability::{Abilities, Ability, Servers, unable};
use super::error::RunnerError;
use super::event::{Direction, Event, Tell};
use super::interrupt::Interrupt;
use super::on_disk::TABLE as USUAL_TABLE;
use super::orphans;
use super::program::Program;
use super::refusal::Refusal;
use super::run::{Allow, Run, Target};
use super::work::Work;

const POLL: Duration = Duration::from_millis(200);
/// How often a waiting runner says so.
const SAY: Duration = Duration::from_secs(5);

/// Who holds the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Process id of its backend.
    pub pid: i32,
    /// What it calls itself.
    pub application_name: String,
    /// The role that it connected as.
    pub user: String,
    /// Since it connected.
    pub age: Duration,
}

/// The lock, as long as this value lives.
pub(super) struct Held {
    /// The session that holds the lock; what is to outlive a rollback is written through it too.
    pub(super) books: Arc<Mutex<PgConnection>>,
    /// What the session of the migrations holds a shared lock on.
    work_key: i64,
    /// What is known so far of what the server can do.
    pub(super) able: Abilities,
}

/// Takes the lock, or waits for the one who has it.
#[tracing::instrument(name = "lock", skip_all)]
pub(super) async fn acquire(
    run: &mut Run<'_>,
    mut connection: PgConnection,
    able: Abilities,
) -> Result<Held, RunnerError> {
    if !able.has(Ability::AdvisoryLocks) && !run.settings.allows(Allow::NoLock) {
        return Err(RunnerError::Refused(vec![Refusal::Lacks {
            ability: Ability::AdvisoryLocks,
            version: None,
        }]));
    }
    let key = key(&mut connection, run.target, &run.program.table, "").await?;
    let work_key = key_of_work(&mut connection, run.target, &run.program.table).await?;
    let started = Instant::now();
    let mut said: Option<Instant> = None;
    loop {
        // Without locks somebody has said that nobody else is at it.
        let taken = !able.has(Ability::AdvisoryLocks) || take(&mut connection, key).await?;
        if taken {
            tracing::debug!(key, waited = ?started.elapsed(), "took the migration lock");
            return Ok(Held {
                books: Arc::new(Mutex::new(connection)),
                work_key,
                able,
            });
        }
        let waited = started.elapsed();
        let give_up = waited >= run.settings.lock_wait;
        if give_up || said.is_none_or(|at| at.elapsed() >= SAY) {
            let holder = holder(&mut connection, key).await?;
            if give_up {
                return Err(RunnerError::Locked { holder, waited });
            }
            run.tell(Event::Waiting { holder, waited });
            said = Some(Instant::now());
        }
        let pause = POLL.min(run.settings.lock_wait.saturating_sub(waited));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = run.interrupt.requested() => return Err(RunnerError::InterruptedWaiting),
        }
    }
}

async fn take(connection: &mut PgConnection, key: i64) -> Result<bool, RunnerError> {
    sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
        .bind(key)
        .fetch_one(connection)
        .await
        .map_err(RunnerError::books("taking the migration lock"))
}

impl Held {
    /// Asks what the server can do with what there is to do, before anything is done.
    pub(super) async fn ask(
        &mut self,
        target: &Target,
        servers: &Servers,
    ) -> Result<(), RunnerError> {
        let mut books = self.books.lock().await;
        self.able = servers
            .of_transactions(&mut books, target, &self.able)
            .await?;
        Ok(())
    }

    /// Refuses what this server can't do.
    pub(super) async fn able_to(
        &self,
        program: &Program,
        versions: &[&str],
        direction: Direction,
    ) -> Result<(), RunnerError> {
        let found = unable(program, versions, direction, &self.able).await;
        match found.is_empty() {
            true => Ok(()),
            false => Err(RunnerError::Refused(found)),
        }
    }

    /// A connection to change the schema with.
    pub(super) fn work(&self, target: &Target) -> Result<Work, RunnerError> {
        Work::new(target, self.work_key, &self.able)
    }

    /// Waits until no session is left that an earlier run, or a connection that was cut, has on the
    /// server: then the record and the journal say what happened.
    pub(super) async fn settled(
        &self,
        interrupt: &Interrupt,
        tell: &Tell<'_>,
    ) -> Result<(), RunnerError> {
        if !self.able.has(Ability::AdvisoryLocks) {
            // Such a session could not be told from another.
            return Ok(());
        }
        let mut books = self.books.lock().await;
        orphans::clear(&mut books, self.work_key, interrupt, tell).await
    }

    /// Whether the lock is still held: it goes with its session.
    pub(super) async fn check(&self) -> Result<(), RunnerError> {
        match sqlx::query("SELECT 1")
            .execute(&mut *self.books.lock().await)
            .await
        {
            Ok(_) => Ok(()),
            Err(source) => Err(RunnerError::LockLost { source }),
        }
    }
}

/// The key of the sessions that migrations run in.
pub(super) async fn key_of_work(
    connection: &mut PgConnection,
    target: &Target,
    table: &str,
) -> Result<i64, RunnerError> {
    key(connection, target, table, "\0work").await
}

/// One lock for a record table: applications that share a database do not wait for each other.
async fn key(
    connection: &mut PgConnection,
    target: &Target,
    table: &str,
    suffix: &str,
) -> Result<i64, RunnerError> {
    named(connection, &target.schema, &format!("{table}{suffix}"))
        .await
        .map_err(RunnerError::books("reading the database's name"))
}

/// The lock where neither the schema nor the record table is said to be another: a push takes it, too.
pub(crate) async fn runner_lock(connection: &mut PgConnection) -> Result<i64, sqlx::Error> {
    named(connection, "public", USUAL_TABLE).await
}

async fn named(
    connection: &mut PgConnection,
    schema: &str,
    table: &str,
) -> Result<i64, sqlx::Error> {
    let database: String = sqlx::query_scalar("SELECT current_database()::text")
        .fetch_one(connection)
        .await?;
    let name = format!("seachange\0{database}\0{schema}\0{table}");
    let digest = Sha256::digest(name.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    Ok(i64::from_be_bytes(first))
}

/// PostgreSQL shows a 64-bit key as two halves, `classid` the upper one.
async fn holder(connection: &mut PgConnection, key: i64) -> Result<Option<Holder>, RunnerError> {
    let row: Option<(i32, String, String, i64)> = sqlx::query_as(
        "SELECT a.pid, coalesce(a.application_name, ''), coalesce(a.usename::text, ''), \
                coalesce(extract(epoch FROM clock_timestamp() - a.backend_start), 0)::bigint \
         FROM pg_locks l JOIN pg_stat_activity a USING (pid) \
         WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
           AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
           AND (l.classid::bigint << 32) | l.objid::bigint = $1",
    )
    .bind(key)
    .fetch_optional(connection)
    .await
    .map_err(RunnerError::books("asking who holds the migration lock"))?;
    Ok(row.map(|(pid, application_name, user, age)| Holder {
        pid,
        application_name,
        user,
        age: Duration::from_secs(age.unsigned_abs()),
    }))
}
