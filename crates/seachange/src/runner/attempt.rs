//! One try at one migration, inside a transaction or outside, stoppable at any moment.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbErr, TransactionTrait as _};
use sea_orm_migration::SchemaManager;

use super::error::{RolledBack, RunnerError};
use super::event::{Direction, Done};
use super::failure::{Aftermath, Failure};
use super::history::{self, Outcome, Try};
use super::interrupt::Interrupt;
use super::lock::Held;
use super::program::Member;
use super::record;
use super::run::{Settings, Target};
use super::sink::Context;
use super::work::Work;

/// How long a migration may take to notice that it was cancelled, before its session is ended.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a try needs.
pub(super) struct Attempt<'a> {
    pub(super) held: &'a Held,
    pub(super) work: &'a Work,
    pub(super) target: &'a Target,
    pub(super) settings: &'a Settings,
    pub(super) interrupt: &'a Interrupt,
    /// SeaORM's record table.
    pub(super) table: &'a str,
    pub(super) member: &'a Member,
    pub(super) direction: Direction,
}

/// Why a try ended early.
pub(super) enum Stop {
    Failed(Box<Failure>),
    Interrupted(RolledBack),
    /// Not the migration's fault.
    Runner(RunnerError),
}

impl Attempt<'_> {
    /// The migration and the record of it in one transaction.
    pub(super) async fn within(&self) -> Result<Done, Stop> {
        let started = Instant::now();
        let pid = self
            .work
            .prepare()
            .await
            .map_err(|error| self.failed(&error))?;
        let transaction = self
            .work
            .database
            .begin()
            .await
            .map_err(|error| self.failed(&error))?;
        let context = Context::running(self.interrupt.clone(), None);
        let manager = SchemaManager::new(&transaction);
        let deed = async {
            transaction
                .execute_unprepared(&format!(
                    "SET LOCAL lock_timeout = {}",
                    self.settings.lock_timeout.as_millis()
                ))
                .await?;
            self.member.run(self.direction, &manager).await
        };
        let result = self.interruptible(pid, context.clone().scope(deed)).await;
        let result = match result {
            _ if self.interrupt.is_requested() => Err(Stop::Interrupted(RolledBack::Yes)),
            Err(error) => Err(self.told(&error, &context)),
            Ok(()) => self.settle(&transaction, started, context.begun()).await,
        };
        match result {
            Ok(()) => {
                // Deferred constraints speak up here.
                let committed = transaction.commit().await;
                committed.map_err(|error| self.failed(&error))?;
                let done = self.done(started, context.begun());
                tracing::debug!(done.statements, done.duration_ms, "committed");
                Ok(done)
            }
            Err(stop) => {
                if let Err(error) = transaction.rollback().await {
                    tracing::warn!(%error, "could not roll back; the server does when the session ends");
                }
                Err(stop)
            }
        }
    }

    /// Statement by statement, each of them final.
    pub(super) async fn without(&self) -> Result<Done, Stop> {
        let started = Instant::now();
        let pid = self
            .work
            .prepare()
            .await
            .map_err(|error| self.failed(&error))?;
        let one = self.entry(Outcome::Running, 0, started, None);
        let progress = history::write(&self.held.books, &one)
            .await
            .map_err(Stop::Runner)?;
        let context = Context::running(self.interrupt.clone(), Some(progress.clone()));
        let manager = SchemaManager::new(&self.work.database);
        let deed = self.member.run(self.direction, &manager);
        let result = self.interruptible(pid, context.clone().scope(deed)).await;
        let begun = context.begun();
        let stop = match result {
            Ok(()) => {
                progress
                    .done(
                        self.table,
                        &self.member.version,
                        self.direction,
                        started.elapsed(),
                    )
                    .await
                    .map_err(Stop::Runner)?;
                return Ok(self.done(started, begun));
            }
            Err(_) if self.interrupt.is_requested() => {
                Stop::Interrupted(RolledBack::AtStatement(begun))
            }
            Err(error) => match self.told(&error, &context) {
                Stop::Failed(mut failure) => {
                    failure.aftermath = Aftermath::StoppedAt(begun);
                    Stop::Failed(failure)
                }
                stop => stop,
            },
        };
        progress
            .failed(started.elapsed(), &stop.reason())
            .await
            .map_err(Stop::Runner)?;
        Err(stop)
    }

    /// The record and the history, in the migration's own transaction and in nobody else's without
    /// the lock.
    async fn settle(
        &self,
        transaction: &DatabaseTransaction,
        started: Instant,
        statements: u32,
    ) -> Result<(), Stop> {
        let one = self.entry(Outcome::Done, statements, started, None);
        let written = async {
            // The migration may have left another search_path or role behind; dumps do.
            transaction
                .execute_unprepared(&format!("RESET ROLE; {}", self.target.session_sql()))
                .await?;
            record::write(
                transaction,
                self.table,
                &self.member.version,
                self.direction,
            )
            .await?;
            history::write_within(transaction, &one).await
        };
        written.await.map_err(|error| self.failed(&error))?;
        self.held.check().await.map_err(Stop::Runner)
    }

    /// Waits for a migration. When it is to stop, its statement is cancelled on the server, again and
    /// again, since it may just be between two, until it gives up.
    async fn interruptible(
        &self,
        pid: i32,
        deed: impl Future<Output = Result<(), DbErr>>,
    ) -> Result<(), DbErr> {
        let mut deed = std::pin::pin!(deed);
        tokio::select! {
            result = &mut deed => return result,
            () = self.interrupt.requested() => {}
        }
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            self.signal("SELECT pg_cancel_backend($1)", pid).await;
            if let Ok(result) = tokio::time::timeout(Duration::from_millis(100), &mut deed).await {
                return result;
            }
        }
        self.signal("SELECT pg_terminate_backend($1)", pid).await;
        Err(DbErr::Migration("interrupted".to_owned()))
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

    /// A failed try, for the history.
    pub(super) async fn write_failure(
        &self,
        took: Duration,
        stop: &Stop,
    ) -> Result<(), RunnerError> {
        let one = Try {
            took,
            ..self.entry(Outcome::Failed, 0, Instant::now(), Some(stop.reason()))
        };
        history::write(&self.held.books, &one).await.map(drop)
    }

    fn entry(
        &self,
        outcome: Outcome,
        statement: u32,
        started: Instant,
        error: Option<String>,
    ) -> Try<'_> {
        Try {
            member: self.member,
            direction: self.direction,
            outcome,
            statement,
            took: started.elapsed(),
            error,
        }
    }

    fn done(&self, started: Instant, statements: u32) -> Done {
        Done {
            version: self.member.version.clone(),
            direction: self.direction,
            duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            statements,
        }
    }

    /// The place in the SQL file, when it was a statement of one that failed.
    fn told(&self, error: &DbErr, context: &Context) -> Stop {
        match context.take_failure() {
            Some(error) => Stop::Failed(Box::new(Failure::of_sql(
                error,
                &self.member.version,
                self.direction,
            ))),
            None => self.failed(error),
        }
    }

    fn failed(&self, error: &DbErr) -> Stop {
        Stop::Failed(Box::new(Failure::of_database(
            error,
            &self.member.version,
            self.direction,
        )))
    }
}

impl Stop {
    fn reason(&self) -> String {
        match self {
            Self::Failed(failure) => {
                let mut text = failure.summary();
                for (label, more) in [("DETAIL", &failure.detail), ("HINT", &failure.hint)] {
                    if let Some(more) = more {
                        text.push_str(&format!("\n{label}: {more}"));
                    }
                }
                text
            }
            Self::Interrupted(_) => "interrupted".to_owned(),
            Self::Runner(error) => error.to_string(),
        }
    }
}
