//! One try at one migration, inside a transaction or outside, stoppable at any moment.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbErr, RuntimeErr, TransactionTrait as _,
};
use sea_orm_migration::SchemaManager;

use super::ability::Ability;
use super::error::{RolledBack, RunnerError};
use super::event::{Direction, Done, Tell};
use super::failure::{Aftermath, Failure};
use super::history::{self, Outcome, Try};
use super::interrupt::Interrupt;
use super::lock::Held;
use super::outside::is_lost;
use super::program::Member;
use super::record;
use super::run::{Settings, Target};
use super::sink::Context;
use super::watch::Blocker;
use super::work::Work;

/// What a try needs.
pub(super) struct Attempt<'a> {
    pub(super) held: &'a Held,
    pub(super) work: &'a Work,
    pub(super) target: &'a Target,
    pub(super) settings: &'a Settings,
    pub(super) interrupt: &'a Interrupt,
    pub(super) tell: &'a Tell<'a>,
    /// SeaORM's record table.
    pub(super) table: &'a str,
    pub(super) member: &'a Member,
    pub(super) direction: Direction,
    /// How many statements it has; 0 where that is not known.
    pub(super) statements: u32,
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
        let context = self.context();
        let manager = SchemaManager::new(&transaction);
        let deed = async {
            if self.held.able.has(Ability::LockTimeout) {
                transaction
                    .execute_unprepared(&format!(
                        "SET LOCAL lock_timeout = {}",
                        self.settings.lock_timeout.as_millis()
                    ))
                    .await?;
            }
            self.member.run(self.direction, &manager).await
        };
        let at = || (context.begun(), self.statements);
        let watched = self
            .watched(pid, started, &at, context.clone().scope(deed))
            .await;
        let result = match watched.output {
            _ if self.interrupt.is_requested() => Err(Stop::Interrupted(RolledBack::Yes)),
            None => Err(Stop::Interrupted(RolledBack::Yes)),
            Some(Err(error)) => Err(self.told(&error, &context).blocked_by(watched.blockers)),
            Some(Ok(())) => self.settle(&transaction, started, context.begun()).await,
        };
        match result {
            Ok(()) => {
                // Deferred constraints speak up here.
                if let Err(error) = transaction.commit().await {
                    self.committed(&error).await?;
                }
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

    /// Statement by statement, each of them final: a migration in Rust, of which nobody knows where it could
    /// be resumed.
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
        let mut context = self.context();
        if let Some(context) = Arc::get_mut(&mut context) {
            context.record_in(progress.clone());
        }
        let manager = SchemaManager::new(&self.work.database);
        let deed = self.member.run(self.direction, &manager);
        let at = || (context.begun(), self.statements);
        let watched = self
            .watched(pid, started, &at, context.clone().scope(deed))
            .await;
        let begun = context.begun();
        let stop = match watched.output {
            Some(Ok(())) => {
                progress
                    .done(
                        self.table,
                        &self.member.version,
                        self.direction,
                        started.elapsed(),
                        begun,
                    )
                    .await
                    .map_err(Stop::Runner)?;
                return Ok(self.done(started, begun));
            }
            _ if self.interrupt.is_requested() => Stop::Interrupted(RolledBack::AtStatement(begun)),
            None => Stop::Interrupted(RolledBack::AtStatement(begun)),
            Some(Err(error)) => match self.told(&error, &context) {
                Stop::Failed(mut failure) => {
                    failure.aftermath = Aftermath::StoppedAt(begun);
                    failure.blockers = watched.blockers;
                    Stop::Failed(failure)
                }
                stop => stop,
            },
        };
        progress
            .failed(started.elapsed(), &stop.reason(), None)
            .await
            .map_err(Stop::Runner)?;
        Err(stop)
    }

    fn context(&self) -> Arc<Context> {
        let able = self.held.able.clone();
        Context::running(self.interrupt.clone(), self.settings.clone(), able)
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

    pub(super) fn entry(
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

    pub(super) fn done(&self, started: Instant, statements: u32) -> Done {
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
            Some(error) => {
                let mut failure = Failure::of_sql(error, &self.member.version, self.direction);
                failure.cut |= context.is_cut();
                Stop::Failed(Box::new(failure))
            }
            None => self.failed(error),
        }
    }

    pub(super) fn failed(&self, error: &DbErr) -> Stop {
        Stop::Failed(Box::new(Failure::of_database(
            error,
            &self.member.version,
            self.direction,
        )))
    }
}

/// Whether the connection is no more.
pub(super) fn is_cut(error: &DbErr) -> bool {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause))
        | DbErr::Conn(RuntimeErr::SqlxError(cause)) => is_lost(cause),
        DbErr::ConnectionAcquire(_) => true,
        _ => false,
    }
}

impl Stop {
    fn blocked_by(mut self, blockers: Vec<Blocker>) -> Self {
        if let Self::Failed(failure) = &mut self
            && failure.sqlstate.as_deref() == Some("55P03")
        {
            failure.blockers = blockers;
        }
        self
    }

    /// The statement that it stopped at outside a transaction.
    pub(super) fn statement(&self) -> Option<u32> {
        match self {
            Self::Failed(failure) => match failure.aftermath {
                Aftermath::Journalled { statement, .. } => Some(statement),
                _ => None,
            },
            Self::Interrupted(RolledBack::Journalled { statement, .. }) => Some(*statement),
            _ => None,
        }
    }

    pub(super) fn reason(&self) -> String {
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
