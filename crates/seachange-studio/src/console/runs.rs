//! What runs now, so that it can be cancelled, and is when nobody waits for it any more.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use sqlx::{PgConnection, PgPool};

use crate::answer::Refusal;

/// More at a time would take the database's connections away from others.
const AT_A_TIME: usize = 4;

/// The runs of this studio by their names.
pub(crate) struct Runs {
    pool: PgPool,
    running: Arc<Mutex<BTreeMap<String, i32>>>,
}

/// A run's place; dropped before its end, the server is told to cancel.
pub(crate) struct Run {
    pool: PgPool,
    running: Arc<Mutex<BTreeMap<String, i32>>>,
    id: String,
    pid: i32,
    ended: bool,
}

impl Runs {
    pub(crate) fn new(pool: PgPool) -> Self {
        Self {
            pool,
            running: Arc::default(),
        }
    }

    pub(super) async fn enter(
        &self,
        id: &str,
        connection: &mut PgConnection,
    ) -> Result<Run, Refusal> {
        let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
            .fetch_one(connection)
            .await?;
        let mut running = held(&self.running);
        if running.len() >= AT_A_TIME {
            return Err(Refusal::new(
                StatusCode::TOO_MANY_REQUESTS,
                format!("{AT_A_TIME} texts run already"),
            )
            .help("wait for one, or cancel it"));
        }
        if running.contains_key(id) || id.len() > 64 {
            return Err(Refusal::bad("this run has no name of its own"));
        }
        running.insert(id.to_owned(), pid);
        Ok(Run {
            pool: self.pool.clone(),
            running: Arc::clone(&self.running),
            id: id.to_owned(),
            pid,
            ended: false,
        })
    }

    pub(super) fn pid(&self, id: &str) -> Option<i32> {
        held(&self.running).get(id).copied()
    }
}

impl Run {
    pub(super) fn leave(mut self) {
        self.ended = true;
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        held(&self.running).remove(&self.id);
        if self.ended {
            return;
        }
        let (pool, pid) = (self.pool.clone(), self.pid);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let cancelled = sqlx::query("SELECT pg_cancel_backend($1)")
                    .bind(pid)
                    .execute(&pool)
                    .await;
                if let Err(error) = cancelled {
                    tracing::debug!(%error, "a run that nobody waits for was not cancelled");
                }
            });
        }
    }
}

fn held(running: &Mutex<BTreeMap<String, i32>>) -> MutexGuard<'_, BTreeMap<String, i32>> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}
