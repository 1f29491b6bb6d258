//! One try at one unit: in a transaction with its line in the journal, or alone between two lines.

use super::carry::Carrier;
use super::journal::{Entry, Line, Reached};
use super::session::Session;
use super::trouble::{Trouble, is_lost};
use super::unit::{Unit, Way};
use super::verdict::{self, Verdict};
use crate::connection::{SqlError, Statement, StatementKind};
use crate::runner::ability::Ability;
use crate::runner::error::RunnerError;
use crate::runner::event::Event;
use crate::runner::statement::Alone;

impl Carrier<'_, '_> {
    pub(super) async fn once(
        &self,
        unit: &Unit<'_>,
        line: Option<&Line>,
        session: &mut Session,
    ) -> Result<(), Trouble> {
        match &unit.way {
            Way::Session => self.set(unit, session).await,
            // What it does would stay, and the line about it would not.
            Way::Together if !self.can_undo() && !unit.changes_rows() => {
                self.alone(unit, None, line, session).await
            }
            Way::Together | Way::Bracketed => match self.within(unit, session).await {
                // What its words did not tell: it can't run in a transaction, so it did nothing there.
                Err(Trouble::Sql(error, _)) if is_for_alone(&error, unit) => {
                    self.alone(unit, None, line, session).await
                }
                result => result,
            },
            Way::Alone(alone) => self.alone(unit, Some(alone), line, session).await,
            Way::Backfill(backfill) => backfill.run(self, unit, line, session).await,
        }
    }

    fn can_undo(&self) -> bool {
        self.attempt.held.able.has(Ability::TransactionalDdl)
    }

    pub(super) async fn set(&self, unit: &Unit<'_>, session: &mut Session) -> Result<(), Trouble> {
        self.statement(unit, &unit.statements[0], session).await?;
        session.note(unit);
        Ok(())
    }

    /// In one transaction with its line in the journal.
    async fn within(&self, unit: &Unit<'_>, session: &mut Session) -> Result<(), Trouble> {
        let result = self.within_open(unit, session).await;
        if let Err(trouble) = &result
            && !matches!(trouble, Trouble::Lost(_))
        {
            self.roll_back(session).await;
        }
        result
    }

    /// A session that can't even do that is lost, which its next use will tell.
    pub(super) async fn roll_back(&self, session: &mut Session) {
        if session.send("ROLLBACK").await.is_err() {
            tracing::debug!("could not roll back; the server does when the session ends");
        }
    }

    async fn within_open(&self, unit: &Unit<'_>, session: &mut Session) -> Result<(), Trouble> {
        let limits = session.limits(unit, self.attempt.settings, "LOCAL");
        let begin = match unit.statements[0].kind {
            StatementKind::Transaction => unit.statements[0].text,
            _ => "BEGIN",
        };
        self.internal(session, format!("{begin};{limits}")).await?;
        let mut settings = self.attempt.settings.clone();
        for statement in &unit.statements {
            if statement.kind != StatementKind::Transaction {
                if let Way::Bracketed = unit.way {
                    let limits = session.limits_of(statement.text, &settings, "LOCAL");
                    self.internal(session, limits).await?;
                }
                self.statement(unit, statement, session).await?;
                // Whoever waits behind the locks that it has from now on may have one that comes next.
                settings = settings.giving_way();
            }
        }
        let entry = Entry::of(unit, Reached::Done);
        let line = format!("{}{}", session.as_runner(), self.journal.sql(&entry));
        self.internal(session, line).await?;
        self.attempt.held.check().await?;
        self.commit(unit, session).await
    }

    /// Deferred constraints speak up here.
    pub(super) async fn commit(
        &self,
        unit: &Unit<'_>,
        session: &mut Session,
    ) -> Result<(), Trouble> {
        let last = unit.statements[unit.statements.len() - 1];
        self.send(unit, "COMMIT", &last, session).await.map(drop)
    }

    /// Written down before and after; in between, the journal says that it was begun.
    async fn alone(
        &self,
        unit: &Unit<'_>,
        alone: Option<&Alone>,
        line: Option<&Line>,
        session: &mut Session,
    ) -> Result<(), Trouble> {
        if let Some(line) = line {
            let known = match alone {
                Some(alone) => {
                    let found = verdict::verdict(session.connection(), alone, line.before).await;
                    found.map_err(|error| self.trouble(error, "asking what a statement did"))?
                }
                // The server said itself that it failed; else there is no telling.
                None if line.state == Reached::Failed => Verdict::Again(Vec::new()),
                None => Verdict::Unknown,
            };
            match known {
                Verdict::Done => {
                    return self.note(unit, Reached::Done, "found done", session).await;
                }
                Verdict::Finish(statements) => {
                    for sql in statements {
                        self.clear(unit, &sql, session).await?;
                    }
                    return self.note(unit, Reached::Done, "completed", session).await;
                }
                Verdict::Again(statements) => {
                    for sql in statements {
                        self.clear(unit, &sql, session).await?;
                    }
                }
                Verdict::Unknown if line.state == Reached::Failed => {}
                Verdict::Unknown => {
                    return Err(Trouble::Runner(RunnerError::Unknown {
                        version: self.journal.version.to_owned(),
                        direction: self.journal.direction,
                        statement: unit.number,
                        next: unit.next(),
                        text: unit.text().to_owned(),
                    }));
                }
            }
        }
        self.attempt.held.check().await?;
        let mut entry = Entry::of(unit, Reached::Begun);
        if let Some(alone) = alone {
            entry.before = verdict::before(session.connection(), alone)
                .await
                .map_err(|error| self.trouble(error, "looking before a statement"))?;
        }
        self.write(&entry, session).await?;
        let limits = session.limits(unit, self.attempt.settings, "SESSION");
        self.internal(session, limits).await?;
        let result = self.statement(unit, &unit.statements[0], session).await;
        match &result {
            Ok(()) => self.write(&Entry::of(unit, Reached::Done), session).await?,
            Err(Trouble::Sql(error, _)) => {
                let mut entry = Entry::of(unit, Reached::Failed);
                let note = error.summary();
                entry.note = Some(&note);
                self.write(&entry, session).await?;
                self.clear_failed(unit, alone, session).await;
            }
            Err(_) => {}
        }
        result
    }

    /// An invalid index costs every write, and a unique one refuses rows: it does not wait for the next run,
    /// which would clear it away if this can't.
    async fn clear_failed(&self, unit: &Unit<'_>, alone: Option<&Alone>, session: &mut Session) {
        let Some(alone @ Alone::CreateIndex { .. }) = alone else {
            return;
        };
        let earlier = {
            let mut books = self.attempt.held.books.lock().await;
            let lines = self.journal.lines(&mut books).await.unwrap_or_default();
            lines.into_iter().find(|line| line.statement == unit.number)
        };
        let Some(line) = earlier else {
            return;
        };
        let found = verdict::verdict(session.connection(), alone, line.before).await;
        if let Ok(Verdict::Again(statements)) = found {
            for sql in statements {
                if self.clear(unit, &sql, session).await.is_err() {
                    tracing::debug!(sql, "could not clear up");
                }
            }
        }
    }

    async fn note(
        &self,
        unit: &Unit<'_>,
        state: Reached,
        note: &'static str,
        session: &mut Session,
    ) -> Result<(), Trouble> {
        let mut entry = Entry::of(unit, state);
        entry.note = Some(note);
        self.write(&entry, session).await?;
        self.attempt.tell.event(Event::Note(format!(
            "statement {} of `{}` was begun by an earlier run: {note}",
            unit.number, self.journal.version
        )));
        Ok(())
    }

    /// A line in a transaction of its own.
    async fn write(&self, entry: &Entry<'_>, session: &mut Session) -> Result<(), Trouble> {
        let sql = format!(
            "BEGIN;{}{};COMMIT",
            session.as_runner(),
            self.journal.sql(entry)
        );
        self.internal(session, sql).await
    }

    /// A statement of the runner's own that clears up behind one of the migration.
    async fn clear(
        &self,
        unit: &Unit<'_>,
        sql: &str,
        session: &mut Session,
    ) -> Result<(), Trouble> {
        self.attempt
            .tell
            .event(Event::Note(format!("clears up: {sql}")));
        let limits = session.limits(unit, self.attempt.settings, "SESSION");
        self.internal(session, limits).await?;
        self.send(unit, sql, &unit.statements[0], session)
            .await
            .map(drop)
    }

    #[tracing::instrument(name = "statement", level = "debug", skip_all, fields(number = unit.number))]
    async fn statement(
        &self,
        unit: &Unit<'_>,
        statement: &Statement<'_>,
        session: &mut Session,
    ) -> Result<(), Trouble> {
        self.send(unit, statement.text, statement, session)
            .await
            .map(drop)
    }

    /// Sends what may take long or wait for others; an error is placed at the statement.
    pub(super) async fn send(
        &self,
        unit: &Unit<'_>,
        sql: &str,
        statement: &Statement<'_>,
        session: &mut Session,
    ) -> Result<u64, Trouble> {
        let pid = session.pid;
        let at = || (unit.number, self.journal.statements);
        let sending = session.send(sql);
        let watched = self.attempt.watched(pid, self.started, &at, sending).await;
        match watched.output {
            _ if self.attempt.interrupt.is_requested()
                && !matches!(watched.output, Some(Ok(_))) =>
            {
                Err(Trouble::Interrupted)
            }
            Some(Ok(rows)) => Ok(rows),
            None => Err(Trouble::Interrupted),
            Some(Err(error)) if is_lost(&error) => Err(Trouble::Lost(error)),
            Some(Err(error)) => {
                let placed = SqlError::of_statement(&error, self.sql, statement);
                Err(Trouble::Sql(placed, watched.blockers))
            }
        }
    }

    /// Sends what is the runner's own and short.
    pub(super) async fn internal(&self, session: &mut Session, sql: String) -> Result<(), Trouble> {
        if sql.is_empty() {
            return Ok(());
        }
        match session.send(sql).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.trouble(error, "writing the journal of migrations")),
        }
    }

    pub(super) fn trouble(&self, error: sqlx::Error, doing: &'static str) -> Trouble {
        match is_lost(&error) {
            true => Trouble::Lost(error),
            false => Trouble::Runner(RunnerError::Books {
                doing,
                source: error,
            }),
        }
    }
}

/// The server's word that it runs outside a transaction only.
fn is_for_alone(error: &SqlError, unit: &Unit<'_>) -> bool {
    matches!(unit.way, Way::Together)
        && matches!(error.sqlstate.as_deref(), Some("25001" | "2D000"))
}
