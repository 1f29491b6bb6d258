//! What runs now or waits for its turn, so that it can be cancelled, and is when nobody waits for it any more.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use sqlx::{PgConnection, PgPool};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::answer::Refusal;

/// More at a time would take the database's connections away from others.
const AT_A_TIME: usize = 4;

/// The runs of this studio by their names.
pub(crate) struct Runs {
    pool: PgPool,
    running: Arc<Running>,
    places: Arc<Semaphore>,
    patience: Duration,
}

type Running = Mutex<BTreeMap<String, Session>>;

/// What a run works in.
#[derive(Default)]
struct Session {
    /// None until it is connected.
    pid: Option<i32>,
    cancelled: bool,
    /// Told when it is cancelled before it has a place.
    told: Arc<Notify>,
}

/// What there is to cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    /// It has no session yet, and gets none.
    Waiting,
    /// The server has to cancel what this process does.
    Process(i32),
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
    place: Option<OwnedSemaphorePermit>,
}

impl Runs {
    /// A text waits for its turn as long as `patience`.
    pub(crate) fn new(pool: PgPool, patience: Duration) -> Self {
        Self {
            pool,
            running: Arc::default(),
            places: Arc::new(Semaphore::new(AT_A_TIME)),
            patience,
        }
    }

    /// Ahead of connecting: a text that waits for its turn costs the database nothing.
    pub(super) async fn enter(&self, id: &str) -> Result<Run, Refusal> {
        let told = Arc::new(Notify::new());
        let mut run = self.begin(id, Arc::clone(&told))?;
        tokio::select! {
            biased;
            place = Arc::clone(&self.places).acquire_owned() => {
                run.place = Some(place.expect("the places are never closed"));
                Ok(run)
            }
            () = told.notified() => Err(cancelled()),
            () = tokio::time::sleep(self.patience) => Err(Refusal::new(
                StatusCode::TOO_MANY_REQUESTS,
                format!("{AT_A_TIME} texts run already, and none has ended for {} s", self.patience.as_secs()),
            )
            .help("wait for one, or cancel it")),
        }
    }

    fn begin(&self, id: &str, told: Arc<Notify>) -> Result<Run, Refusal> {
        let mut running = held(&self.running);
        if running.contains_key(id) || id.len() > 64 {
            return Err(Refusal::bad("this run has no name of its own"));
        }
        let session = Session {
            told,
            ..Session::default()
        };
        running.insert(id.to_owned(), session);
        Ok(Run {
            pool: self.pool.clone(),
            running: Arc::clone(&self.running),
            id: id.to_owned(),
            ended: false,
            place: None,
        })
    }

    /// Marks it as cancelled.
    pub(super) fn cancel(&self, id: &str) -> Found {
        let mut running = held(&self.running);
        let Some(session) = running.get_mut(id) else {
            return Found::Nothing;
        };
        session.cancelled = true;
        session.told.notify_one();
        session.pid.map_or(Found::Waiting, Found::Process)
    }
}

impl Run {
    /// From here on the server can be told to cancel it; it refuses where it was cancelled before.
    pub(super) async fn works_on(&self, connection: &mut PgConnection) -> Result<(), Refusal> {
        let pid = sqlx::query_scalar("SELECT pg_backend_pid()");
        let pid: i32 = pid.fetch_one(connection).await?;
        let mut running = held(&self.running);
        match running.get_mut(&self.id) {
            Some(session) if !session.cancelled => {
                session.pid = Some(pid);
                Ok(())
            }
            Some(_) | None => Err(cancelled()),
        }
    }

    pub(super) fn leave(mut self) -> Left {
        self.ended = true;
        self.place = None;
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

fn cancelled() -> Refusal {
    Refusal::conflict("cancelled before anything ran")
}

fn held(running: &Running) -> MutexGuard<'_, BTreeMap<String, Session>> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}
