//! Sessions that a killed runner left on the server. The lock went with the runner, but a backend notices
//! only between two statements that its client is gone: an index may still be building.

use std::time::{Duration, Instant};

use sqlx::PgConnection;

use super::error::RunnerError;
use super::event::{Event, Tell};
use super::interrupt::Interrupt;
use super::statement::alone;
use super::watch::{Blocker, blockers};

const POLL: Duration = Duration::from_millis(100);
const SAY: Duration = Duration::from_secs(5);

/// Waits until none is left. One that builds an index or the like is let finish: its work is not lost.
/// Whatever else runs could not be committed any more, and is ended.
#[tracing::instrument(name = "orphans", skip_all)]
pub(super) async fn clear(
    books: &mut PgConnection,
    work_key: i64,
    interrupt: &Interrupt,
    tell: &Tell<'_>,
) -> Result<(), RunnerError> {
    let mut said: Option<Instant> = None;
    let started = Instant::now();
    loop {
        let left = left(books, work_key).await?;
        if left.is_empty() {
            return Ok(());
        }
        for orphan in &left {
            if alone(&orphan.query).is_none() || !orphan.active {
                tracing::debug!(orphan.pid, "ends what a killed runner left");
                end(books, orphan.pid).await?;
            } else if said.is_none_or(|at| at.elapsed() >= SAY) {
                said = Some(Instant::now());
                // Not every server tells.
                let blockers: Vec<Blocker> = blockers(books, orphan.pid).await.unwrap_or_default();
                tell.event(Event::Finishing {
                    pid: orphan.pid,
                    query: orphan.query.clone(),
                    waited: started.elapsed(),
                    blockers,
                });
            }
        }
        tokio::select! {
            () = tokio::time::sleep(POLL) => {}
            () = interrupt.requested() => return Err(RunnerError::InterruptedWaiting),
        }
    }
}

struct Orphan {
    pid: i32,
    active: bool,
    query: String,
}

async fn left(books: &mut PgConnection, work_key: i64) -> Result<Vec<Orphan>, RunnerError> {
    let rows: Vec<(i32, bool, String)> = sqlx::query_as(
        "SELECT a.pid, coalesce(a.state = 'active', false), coalesce(a.query, '') \
         FROM pg_locks l JOIN pg_stat_activity a USING (pid) \
         WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.pid <> pg_backend_pid() \
           AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
           AND (l.classid::bigint << 32) | l.objid::bigint = $1",
    )
    .bind(work_key)
    .fetch_all(books)
    .await
    .map_err(RunnerError::books("looking for what an earlier run left"))?;
    Ok(rows
        .into_iter()
        .map(|(pid, active, query)| Orphan { pid, active, query })
        .collect())
}

async fn end(books: &mut PgConnection, pid: i32) -> Result<(), RunnerError> {
    sqlx::query("SELECT pg_terminate_backend($1)")
        .bind(pid)
        .execute(books)
        .await
        .map_err(RunnerError::books("ending what an earlier run left"))?;
    Ok(())
}
