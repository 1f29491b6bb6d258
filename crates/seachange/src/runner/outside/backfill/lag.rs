//! Replicas that fall behind slow a backfill down: it waits for them.

use std::time::{Duration, Instant};

use crate::runner::attempt::Attempt;
use crate::runner::error::RunnerError;
use crate::runner::event::Event;
use crate::runner::outside::trouble::Trouble;

/// How often is looked.
const LOOK: Duration = Duration::from_secs(1);
const SAY: Duration = Duration::from_secs(5);

/// When was looked last.
pub(super) struct Lag<'a, 't> {
    attempt: &'a Attempt<'t>,
    looked: Option<Instant>,
}

impl<'a, 't> Lag<'a, 't> {
    pub(super) fn new(attempt: &'a Attempt<'t>) -> Self {
        Self {
            attempt,
            looked: None,
        }
    }

    /// Waits while a replica is behind by more than is allowed. A role that may not see the others'
    /// `pg_stat_replication` sees no lag there.
    pub(super) async fn wait(&mut self) -> Result<(), Trouble> {
        let limit = self.attempt.settings.max_replication_lag;
        if limit.is_zero() || self.looked.is_some_and(|at| at.elapsed() < LOOK) {
            return Ok(());
        }
        let mut said: Option<Instant> = None;
        loop {
            let behind: Option<(String, i64)> = sqlx::query_as(
                "SELECT coalesce(nullif(application_name, ''), host(client_addr), 'replica'), \
                        (extract(epoch FROM replay_lag) * 1000)::bigint \
                 FROM pg_stat_replication WHERE replay_lag > $1 * interval '1 millisecond' \
                 ORDER BY replay_lag DESC LIMIT 1",
            )
            .bind(i64::try_from(limit.as_millis()).unwrap_or(i64::MAX))
            .fetch_optional(&mut *self.attempt.held.books.lock().await)
            .await
            .map_err(RunnerError::books("asking how far replicas are behind"))?;
            self.looked = Some(Instant::now());
            let Some((replica, lag)) = behind else {
                return Ok(());
            };
            if said.is_none_or(|at| at.elapsed() >= SAY) {
                said = Some(Instant::now());
                self.attempt.tell.event(Event::Lagging {
                    version: self.attempt.member.version.clone(),
                    replica,
                    lag: Duration::from_millis(lag.unsigned_abs()),
                });
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = self.attempt.interrupt.requested() => return Err(Trouble::Interrupted),
            }
        }
    }
}
