//! Waiting for a statement: seen from the other connection meanwhile, and cancelled when it is to stop.

use std::pin::Pin;
use std::time::{Duration, Instant};

use super::attempt::Attempt;
use super::event::Event;
use super::watch::{Blocker, Seen, Watch};

/// How long a migration may take to notice that it was cancelled, before its session is ended.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was waited for, and who kept it waiting.
pub(super) struct Watched<T> {
    /// None when it did not stop in time, and its session was ended.
    pub(super) output: Option<T>,
    pub(super) blockers: Vec<Blocker>,
}

impl Attempt<'_> {
    /// Waits for something that runs in the session `pid`, and tells what is seen of it meanwhile. When it is
    /// to stop, its statement is cancelled on the server, again and again, since it may just be between two,
    /// until it gives up.
    pub(super) async fn watched<T>(
        &self,
        pid: i32,
        started: Instant,
        at: &(dyn Fn() -> (u32, u32) + Sync),
        deed: impl Future<Output = T>,
    ) -> Watched<T> {
        let mut watch = Watch::begin(
            &self.held.books,
            pid,
            self.settings.lock_timeout,
            &self.held.able,
        );
        let mut told = Vec::new();
        let mut deed = std::pin::pin!(deed);
        let output = loop {
            tokio::select! {
                biased;
                result = &mut deed => break Some(result),
                () = self.interrupt.requested() => break self.cancelled(pid, deed.as_mut()).await,
                seen = watch.next() => self.see(seen, started, at(), &mut told),
            }
        };
        Watched {
            output,
            blockers: watch.end().await,
        }
    }

    fn see(&self, seen: Seen, started: Instant, at: (u32, u32), told: &mut Vec<i32>) {
        let version = self.member.version.clone();
        match seen {
            Seen::Blocked(blockers) => {
                let pids: Vec<i32> = blockers.iter().map(|one| one.pid).collect();
                if *told != pids {
                    *told = pids;
                    self.tell.event(Event::Blocked { version, blockers });
                }
            }
            Seen::Working(working) => self.tell.event(Event::Progress {
                version,
                statement: at.0,
                of: at.1,
                elapsed: started.elapsed(),
                working,
            }),
        }
    }

    async fn cancelled<F: Future>(&self, pid: i32, mut deed: Pin<&mut F>) -> Option<F::Output> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            self.signal("SELECT pg_cancel_backend($1)", pid).await;
            if let Ok(result) = tokio::time::timeout(Duration::from_millis(100), &mut deed).await {
                return Some(result);
            }
        }
        self.signal("SELECT pg_terminate_backend($1)", pid).await;
        None
    }

    async fn signal(&self, sql: &'static str, pid: i32) {
        // Not while the migration itself is using the books, which it does for a moment at a time: it
        // makes progress only when it is polled.
        let Ok(mut books) = self.held.books.try_lock() else {
            return;
        };
        if let Err(error) = sqlx::query(sql).bind(pid).execute(&mut *books).await {
            tracing::warn!(pid, %error, "could not cancel the statement on the server");
        }
    }
}
