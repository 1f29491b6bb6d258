//! Carrying a file out, unit by unit, from where the journal says.

use std::time::{Duration, Instant};

use super::journal::{Journal, Line, Reached};
use super::session::Session;
use super::trouble::{Trouble, is_lost};
use super::unit::{Unit, Way, goes_on_with, units};
use crate::connection::{SqlError, SqlText};
use crate::runner::apply::pause;
use crate::runner::attempt::{Attempt, Stop};
use crate::runner::error::{RolledBack, RunnerError};
use crate::runner::event::{Done, Event, SqlFile};
use crate::runner::failure::{Aftermath, Failure};
use crate::runner::history::{self, Outcome};

/// One run over one file.
pub(super) struct Carrier<'a, 't> {
    pub(super) attempt: &'a Attempt<'t>,
    pub(super) sql: SqlText<'a>,
    pub(super) journal: Journal<'a>,
    pub(super) started: Instant,
}

impl Attempt<'_> {
    /// Outside a transaction, from where an earlier run stopped.
    pub(in crate::runner) async fn outside(&self, file: &SqlFile) -> Result<Done, Stop> {
        let started = Instant::now();
        let sql = SqlText {
            path: &file.path,
            text: &file.text,
        };
        let (units, statements) = units(sql).map_err(|error| self.refused(error))?;
        history::close_dead(&self.held.books, &self.member.version)
            .await
            .map_err(Stop::Runner)?;
        let one = self.entry(Outcome::Running, 0, started, None);
        let progress = history::write(&self.held.books, &one)
            .await
            .map_err(Stop::Runner)?;
        let carrier = Carrier {
            attempt: self,
            sql,
            journal: Journal {
                schema: &self.target.schema,
                version: &self.member.version,
                direction: self.direction,
                statements,
                history: progress.id(),
            },
            started,
        };
        let stop = match carrier.all(&units).await {
            Ok(()) => {
                progress
                    .done(
                        self.table,
                        &self.member.version,
                        self.direction,
                        started.elapsed(),
                        statements,
                    )
                    .await
                    .map_err(Stop::Runner)?;
                return Ok(self.done(started, statements));
            }
            Err((trouble, number)) => self.stop(trouble, number, statements),
        };
        let said = progress
            .failed(started.elapsed(), &stop.reason(), stop.statement())
            .await;
        match (said, stop) {
            // That the lock is lost with its connection says more than that nobody could write it down.
            (_, stop @ Stop::Runner(_)) | (Ok(()), stop) => Err(stop),
            (Err(error), _) => Err(Stop::Runner(error)),
        }
    }

    fn refused(&self, error: SqlError) -> Stop {
        let version = &self.member.version;
        Stop::Failed(Box::new(Failure::of_sql(error, version, self.direction)))
    }

    fn stop(&self, trouble: Trouble, statement: u32, of: u32) -> Stop {
        match trouble {
            Trouble::Sql(error, blockers) => {
                let version = &self.member.version;
                let mut failure = Failure::of_sql(error, version, self.direction);
                failure.aftermath = Aftermath::Journalled { statement, of };
                failure.blockers = blockers;
                Stop::Failed(Box::new(failure))
            }
            Trouble::Interrupted => Stop::Interrupted(RolledBack::Journalled { statement, of }),
            Trouble::Lost(source) => Stop::Runner(RunnerError::Cut {
                version: self.member.version.clone(),
                direction: self.direction,
                statement,
                source,
            }),
            Trouble::Runner(error) => Stop::Runner(error),
        }
    }
}

impl Carrier<'_, '_> {
    /// Every unit that is not done; the number of the one that was not carried out goes with the reason.
    async fn all(&self, units: &[Unit<'_>]) -> Result<(), (Trouble, u32)> {
        let first = units.first().map_or(1, |unit| unit.number);
        let lines = self
            .begin(units)
            .await
            .map_err(|trouble| (trouble, first))?;
        let mut session = None;
        for (place, unit) in units.iter().enumerate() {
            let line = lines.iter().find(|line| line.statement == unit.number);
            if line.is_some_and(|line| line.state == Reached::Done) {
                continue;
            }
            if let Way::Session = unit.way
                && session.is_none()
            {
                // It is run when the session is opened.
                continue;
            }
            let carried = self.unit(units, place, line.cloned(), &mut session).await;
            carried.map_err(|trouble| (trouble, unit.number))?;
        }
        Ok(())
    }

    /// What the journal says, after what somebody said on the command line.
    async fn begin(&self, units: &[Unit<'_>]) -> Result<Vec<Line>, Trouble> {
        let mut books = self.attempt.held.books.lock().await;
        let version = self.journal.version;
        if let Some(number) = self.attempt.settings.resume_at(version) {
            let end = self.journal.statements + 1;
            if number != end && !units.iter().any(|unit| unit.number == number) {
                return Err(Trouble::Runner(RunnerError::ResumeAt {
                    given: format!("{version}:{number}"),
                    reason: format!(
                        "no statement, or no beginning of a transaction, has that number; there are {}",
                        self.journal.statements
                    ),
                }));
            }
            self.journal.set(&mut books, units, number).await?;
        }
        let lines = self.journal.lines(&mut books).await?;
        if let Some(open) = lines.last() {
            let next = lines
                .iter()
                .find(|line| line.state != Reached::Done)
                .map_or(open.statement + 1, |line| line.statement);
            let next = goes_on_with(units, next, self.journal.statements);
            self.attempt.tell.event(Event::Note(format!(
                "`{version}` goes on with statement {} of {}, where an earlier run stopped",
                next.min(self.journal.statements),
                self.journal.statements
            )));
        }
        Ok(lines)
    }

    /// Tries a unit until it is done, or fails for a reason that stays.
    async fn unit(
        &self,
        units: &[Unit<'_>],
        place: usize,
        mut line: Option<Line>,
        session: &mut Option<Session>,
    ) -> Result<(), Trouble> {
        let unit = &units[place];
        let mut tried = 0;
        loop {
            if self.attempt.interrupt.is_requested() {
                return Err(Trouble::Interrupted);
            }
            tried += 1;
            let result = match self.ready(units, place, session).await {
                Ok(session) => self.once(unit, line.as_ref(), session).await,
                Err(trouble) => Err(trouble),
            };
            let reason = match result {
                Ok(()) => return Ok(()),
                Err(Trouble::Sql(error, blockers)) if passes(&error) && tried < self.tries() => {
                    self.retrying(tried, error.to_string(), blockers)
                }
                Err(Trouble::Lost(error)) => {
                    if let Some(lost) = session.take() {
                        lost.end().await;
                    }
                    // Without the lock it may not go on; with it, it finds out what happened.
                    self.attempt.held.check().await?;
                    let (interrupt, tell) = (self.attempt.interrupt, self.attempt.tell);
                    self.attempt.held.settled(interrupt, tell).await?;
                    if tried >= self.tries() {
                        return Err(Trouble::Lost(error));
                    }
                    self.retrying(tried, error.to_string(), Vec::new())
                }
                Err(trouble) => return Err(trouble),
            };
            tokio::select! {
                () = tokio::time::sleep(reason) => {}
                () = self.attempt.interrupt.requested() => return Err(Trouble::Interrupted),
            }
            let lines = {
                let mut books = self.attempt.held.books.lock().await;
                self.journal.lines(&mut books).await?
            };
            line = lines.into_iter().find(|line| line.statement == unit.number);
            if line
                .as_ref()
                .is_some_and(|line| line.state == Reached::Done)
            {
                return Ok(());
            }
        }
    }

    fn tries(&self) -> u32 {
        self.attempt.settings.tries
    }

    fn retrying(
        &self,
        tried: u32,
        reason: String,
        blockers: Vec<crate::runner::watch::Blocker>,
    ) -> Duration {
        let pause = pause(tried);
        self.attempt.tell.event(Event::Retrying {
            version: self.journal.version.to_owned(),
            tried,
            reason,
            pause,
            blockers,
        });
        pause
    }

    /// The session, with everything set in it that the units before have set.
    async fn ready<'s>(
        &self,
        units: &[Unit<'_>],
        place: usize,
        session: &'s mut Option<Session>,
    ) -> Result<&'s mut Session, Trouble> {
        if session.is_none() {
            let mut opened =
                Session::open(self.attempt.work)
                    .await
                    .map_err(|error| match is_lost(&error) {
                        true => Trouble::Lost(error),
                        false => Trouble::Runner(RunnerError::Books {
                            doing: "opening the session of the migration",
                            source: error,
                        }),
                    })?;
            for unit in units[..place]
                .iter()
                .filter(|unit| matches!(unit.way, Way::Session))
            {
                self.set(unit, &mut opened).await?;
            }
            *session = Some(opened);
        }
        Ok(session.as_mut().expect("it was opened above"))
    }
}

/// A lock not had in time, a deadlock, a serialization failure.
pub(super) fn passes(error: &SqlError) -> bool {
    matches!(error.sqlstate.as_deref(), Some("55P03" | "40P01" | "40001"))
}
