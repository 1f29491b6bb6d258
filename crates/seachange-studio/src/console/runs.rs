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
    running: Arc<Running>,
}

type Running = Mutex<BTreeMap<String, Session>>;

/// What a run works in.
#[derive(Clone, Copy, Default)]
struct Session {
    /// None until it is connected.
    pid: Option<i32>,
    cancelled: bool,
}

/// How a run came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    ByItself,
    /// The cancelling may still be under way: its session must not be another's.
    Cancelled,
}

/// A run's place; dropped before its end, the server is told to cancel.
pub(crate) struct Run {
    pool: PgPool,
    running: Arc<Running>,
    id: String,
    ended: bool,
}

impl Runs {
    pub(crate) fn new(pool: PgPool) -> Self {
        Self {
            pool,
            running: Arc::default(),
        }
    }

    /// Ahead of connecting: a text that has no place costs the database nothing.
    pub(super) fn enter(&self, id: &str) -> Result<Run, Refusal> {
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
        running.insert(id.to_owned(), Session::default());
        Ok(Run {
            pool: self.pool.clone(),
            running: Arc::clone(&self.running),
            id: id.to_owned(),
            ended: false,
        })
    }

    /// The process that is to be cancelled.
    pub(super) fn cancelled(&self, id: &str) -> Option<i32> {
        let mut running = held(&self.running);
        let session = running.get_mut(id)?;
        session.cancelled = session.pid.is_some();
        session.pid
    }
}

impl Run {
    /// From here on it can be cancelled.
    pub(super) async fn works_on(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let pid = sqlx::query_scalar("SELECT pg_backend_pid()");
        let pid: i32 = pid.fetch_one(connection).await?;
        let session = Session {
            pid: Some(pid),
            cancelled: false,
        };
        held(&self.running).insert(self.id.clone(), session);
        Ok(())
    }

    pub(super) fn leave(mut self) -> Left {
        self.ended = true;
        match held(&self.running).remove(&self.id) {
            Some(session) if session.cancelled => Left::Cancelled,
            _ => Left::ByItself,
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let session = held(&self.running).remove(&self.id);
        let Some(pid) = session.and_then(|session| session.pid) else {
            return;
        };
        let pool = self.pool.clone();
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

fn held(running: &Running) -> MutexGuard<'_, BTreeMap<String, Session>> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}
