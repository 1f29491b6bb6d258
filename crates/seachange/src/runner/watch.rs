//! What is seen of a statement while it runs, over the connection that holds the lock: who keeps it
//! waiting, and how far it has come.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use sqlx::PgConnection;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

use super::ability::{Abilities, Ability};

/// How often is looked for those in the way, at most.
const LOOK: Duration = Duration::from_millis(250);
const PROGRESS: Duration = Duration::from_secs(1);

/// A session that keeps a statement waiting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Blocker {
    /// 0 for a prepared transaction, which has no session.
    pub pid: i32,
    /// The role that it connected as.
    pub user: String,
    /// What it calls itself.
    pub application_name: String,
    /// `active`, `idle in transaction` and their like.
    pub state: String,
    /// How long its transaction is open.
    #[serde(skip)]
    pub age: Duration,
    /// The beginning of its query, or of its last one.
    pub query: String,
}

/// How far a statement has come, as `pg_stat_progress_*` tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Working {
    /// `CREATE INDEX CONCURRENTLY`, `VACUUM`.
    pub command: String,
    /// In PostgreSQL's words.
    pub phase: String,
    /// Of `total`.
    pub done: u64,
    /// 0 where nobody knows.
    pub total: u64,
    /// What is counted: blocks, tuples.
    pub unit: String,
}

/// One look.
pub(super) enum Seen {
    Blocked(Vec<Blocker>),
    Working(Option<Working>),
}

/// A look now and then, as long as this value lives.
pub(super) struct Watch {
    seen: mpsc::Receiver<Seen>,
    task: JoinHandle<()>,
    /// The last who were in the way.
    blockers: Vec<Blocker>,
}

impl Watch {
    pub(super) fn begin(
        books: &Arc<Mutex<PgConnection>>,
        pid: i32,
        lock_timeout: Duration,
        able: &Abilities,
    ) -> Self {
        let pause = match lock_timeout {
            Duration::ZERO => LOOK,
            timeout => (timeout / 4).clamp(Duration::from_millis(5), LOOK),
        };
        let (sender, seen) = mpsc::channel(1);
        let task = tokio::spawn(look(Arc::clone(books), pid, pause, able.clone(), sender));
        Self {
            seen,
            task,
            blockers: Vec::new(),
        }
    }

    /// The next that is seen.
    pub(super) async fn next(&mut self) -> Seen {
        match self.seen.recv().await {
            Some(Seen::Blocked(blockers)) => {
                self.blockers.clone_from(&blockers);
                Seen::Blocked(blockers)
            }
            Some(seen) => seen,
            // The connection is lost, which its next user will say.
            None => std::future::pending().await,
        }
    }

    /// Ends it once its last look is over, and tells who was in the way.
    pub(super) async fn end(mut self) -> Vec<Blocker> {
        // What is closed gives what was sent, and then nothing: this does not wait for the look that goes on.
        self.seen.close();
        while let Some(seen) = self.seen.recv().await {
            if let Seen::Blocked(blockers) = seen {
                self.blockers = blockers;
            }
        }
        let abort = self.task.abort_handle();
        if tokio::time::timeout(Duration::from_secs(5), self.task)
            .await
            .is_err()
        {
            abort.abort();
        }
        self.blockers
    }
}

async fn look(
    books: Arc<Mutex<PgConnection>>,
    pid: i32,
    pause: Duration,
    able: Abilities,
    sender: mpsc::Sender<Seen>,
) {
    let mut progress = Instant::now();
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = sender.closed() => return,
        }
        // Not while somebody else uses it, who may be waiting for what is watched here.
        let Ok(mut books) = books.try_lock() else {
            continue;
        };
        let mut found = Vec::new();
        let in_the_way = match able.has(Ability::BlockingPids) {
            true => blockers(&mut books, pid).await,
            false => Ok(Vec::new()),
        };
        match in_the_way {
            Ok(blockers) if blockers.is_empty() => {}
            Ok(blockers) => found.push(Seen::Blocked(blockers)),
            Err(error) => {
                tracing::debug!(%error, "could not ask who is in the way");
                return;
            }
        }
        if progress.elapsed() >= PROGRESS {
            progress = Instant::now();
            let how_far = match able.has(Ability::Progress) {
                true => working(&mut books, pid).await,
                false => Ok(None),
            };
            match how_far {
                Ok(working) => found.push(Seen::Working(working)),
                Err(error) => {
                    tracing::debug!(%error, "could not ask how far it has come");
                    return;
                }
            }
        }
        drop(books);
        for seen in found {
            if sender.send(seen).await.is_err() {
                return;
            }
        }
    }
}

pub(super) async fn blockers(
    books: &mut PgConnection,
    pid: i32,
) -> Result<Vec<Blocker>, sqlx::Error> {
    type Row = (i32, String, String, String, i64, String);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT blocking.pid, coalesce(b.usename::text, ''), coalesce(b.application_name, ''), \
                coalesce(b.state, ''), \
                coalesce(extract(epoch FROM clock_timestamp() - b.xact_start) * 1000, 0)::bigint, \
                coalesce(left(regexp_replace(b.query, '\\s+', ' ', 'g'), 120), '') \
         FROM pg_stat_activity w \
         CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS blocking (pid) \
         LEFT JOIN pg_stat_activity b ON b.pid = blocking.pid \
         WHERE w.pid = $1 AND w.wait_event_type = 'Lock'",
    )
    .bind(pid)
    .fetch_all(books)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Blocker {
            pid: row.0,
            user: row.1,
            application_name: row.2,
            state: row.3,
            age: Duration::from_millis(row.4.unsigned_abs()),
            query: row.5,
        })
        .collect())
}

pub(super) async fn working(
    books: &mut PgConnection,
    pid: i32,
) -> Result<Option<Working>, sqlx::Error> {
    let row: Option<(String, String, i64, i64, String)> = sqlx::query_as(
        "SELECT command, phase, \
                CASE WHEN phase LIKE 'waiting%' THEN lockers_done WHEN blocks_total > 0 THEN blocks_done \
                     ELSE tuples_done END, \
                CASE WHEN phase LIKE 'waiting%' THEN lockers_total WHEN blocks_total > 0 THEN blocks_total \
                     ELSE tuples_total END, \
                CASE WHEN phase LIKE 'waiting%' THEN 'transactions' WHEN blocks_total > 0 THEN 'blocks' \
                     ELSE 'rows' END \
         FROM pg_stat_progress_create_index WHERE pid = $1 \
         UNION ALL \
         SELECT 'VACUUM', phase, heap_blks_scanned, heap_blks_total, 'blocks' \
         FROM pg_stat_progress_vacuum WHERE pid = $1 \
         UNION ALL \
         SELECT command, phase, heap_blks_scanned, heap_blks_total, 'blocks' \
         FROM pg_stat_progress_cluster WHERE pid = $1 \
         UNION ALL \
         SELECT 'ANALYZE', phase, sample_blks_scanned, sample_blks_total, 'blocks' \
         FROM pg_stat_progress_analyze WHERE pid = $1",
    )
    .bind(pid)
    .fetch_optional(books)
    .await?;
    Ok(row.map(|row| Working {
        command: row.0,
        phase: row.1,
        done: row.2.unsigned_abs(),
        total: row.3.unsigned_abs(),
        unit: row.4,
    }))
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pid == 0 {
            return write!(f, "a prepared transaction");
        }
        write!(
            f,
            "process {} `{}` of role `{}`, {}, its transaction open for {:.1} s: {}",
            self.pid,
            self.application_name,
            self.user,
            self.state,
            self.age.as_secs_f64(),
            self.query
        )
    }
}

impl fmt::Display for Working {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.command, self.phase)?;
        match self.total {
            0 => Ok(()),
            total => write!(
                f,
                ", {} % ({} of {} {})",
                self.done * 100 / total,
                self.done,
                total,
                self.unit
            ),
        }
    }
}
