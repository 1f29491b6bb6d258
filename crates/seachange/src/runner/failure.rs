//! A migration that failed: what PostgreSQL said, where, and what became of the database.

use std::fmt;

use sea_orm::{DbErr, RuntimeErr, SqlxError};
use sqlx::postgres::PgDatabaseError;

use super::attempt::is_cut;
use super::event::Direction;
use super::watch::Blocker;
use crate::connection::SqlError;
use crate::error::Help;

/// One failure, in PostgreSQL's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The migration's name.
    pub version: String,
    /// Up, or back again.
    pub direction: Direction,
    /// In an SQL file; none when a migration in Rust sent the statement itself.
    pub place: Option<Place>,
    /// None when it was not PostgreSQL that said no.
    pub sqlstate: Option<String>,
    /// What is wrong, as PostgreSQL or the program said it.
    pub message: String,
    /// PostgreSQL's DETAIL.
    pub detail: Option<String>,
    /// PostgreSQL's HINT.
    pub hint: Option<String>,
    /// PostgreSQL's CONTEXT.
    pub context: Option<String>,
    /// The first lines of the statement.
    pub statement: Option<String>,
    /// What it leaves in the database.
    pub aftermath: Aftermath,
    /// Who was in the way, when a lock was not had in time.
    pub blockers: Vec<Blocker>,
    /// Whether the connection was lost with it.
    pub(super) cut: bool,
    remedy: Option<String>,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Of the file, as messages show it.
    pub path: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: Option<u32>,
}

/// What became of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aftermath {
    /// It is as it was before this migration.
    RolledBack,
    /// Outside a transaction: what came before this statement of the SQL files stays; 0 when its
    /// statements are not counted.
    StoppedAt(u32),
    /// Outside a transaction, and the next run goes on with this statement.
    Journalled {
        /// Its number, from 1.
        statement: u32,
        /// How many statements the migration has.
        of: u32,
    },
}

impl Failure {
    pub(super) fn of_sql(error: SqlError, version: &str, direction: Direction) -> Self {
        Self {
            version: version.to_owned(),
            direction,
            remedy: error
                .known_help()
                .filter(|help| error.hint.as_ref() != Some(help)),
            place: Some(Place {
                path: error.path.clone(),
                line: error.line,
                column: error.column,
            }),
            sqlstate: error.sqlstate.clone(),
            message: error.message.clone(),
            detail: error.detail.clone(),
            hint: error.hint.clone(),
            context: error.context.clone(),
            statement: Some(error.statement.clone()),
            aftermath: Aftermath::RolledBack,
            blockers: Vec::new(),
            cut: false,
        }
    }

    pub(super) fn of_database(error: &DbErr, version: &str, direction: Direction) -> Self {
        let mut failure = Self {
            version: version.to_owned(),
            direction,
            place: None,
            sqlstate: None,
            message: error.to_string(),
            detail: None,
            hint: None,
            context: None,
            statement: None,
            aftermath: Aftermath::RolledBack,
            blockers: Vec::new(),
            cut: is_cut(error),
            remedy: None,
        };
        match error {
            DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause))
            | DbErr::Conn(RuntimeErr::SqlxError(cause)) => failure.take(cause),
            // What SeaORM's trait says where nobody wrote a `down`.
            DbErr::Migration(message) if message == "We Don't Do That Here" => {
                failure.message = "it has no way back".to_owned();
                failure.remedy =
                    Some("write its `down`, or restore a backup from before it".to_owned());
            }
            DbErr::Migration(message) | DbErr::Custom(message) => {
                failure.message = message.clone();
            }
            _ => {}
        }
        failure
    }

    fn take(&mut self, error: &SqlxError) {
        let SqlxError::Database(database) = error else {
            self.message = error.to_string();
            return;
        };
        self.message = database.message().to_owned();
        self.sqlstate = database.code().map(|code| code.into_owned());
        if let Some(error) = database.try_downcast_ref::<PgDatabaseError>() {
            self.detail = error.detail().map(str::to_owned);
            self.hint = error.hint().map(str::to_owned);
            self.context = error.r#where().map(str::to_owned);
        }
    }

    /// Whether it may well succeed when tried again: a lock not had in time, a deadlock, a
    /// serialization failure.
    pub(super) fn passes(&self) -> bool {
        matches!(self.sqlstate.as_deref(), Some("55P03" | "40P01" | "40001"))
    }

    /// Without the version: place, message, SQLSTATE.
    pub fn summary(&self) -> String {
        let mut text = String::new();
        if let Some(place) = &self.place {
            text.push_str(&format!("{}:{}: ", place.path, place.line));
        }
        text.push_str(&self.message);
        if let Some(sqlstate) = &self.sqlstate {
            text.push_str(&format!(" (SQLSTATE {sqlstate})"));
        }
        text
    }
}

/// What of a migration outside a transaction is done before a statement of it.
pub(super) fn in_effect(statement: u32) -> String {
    match statement {
        0 | 1 => "nothing of it is in effect".to_owned(),
        2 => "statement 1 stays in effect".to_owned(),
        statement => format!("statements 1 to {} stay in effect", statement - 1),
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = match self.direction {
            Direction::Up => "applied",
            Direction::Down => "rolled back",
        };
        write!(
            f,
            "`{}` could not be {way}: {}",
            self.version,
            self.summary()
        )?;
        let more = [
            ("DETAIL", &self.detail),
            ("HINT", &self.hint),
            ("CONTEXT", &self.context),
            ("STATEMENT", &self.statement),
        ];
        for (label, text) in more {
            if let Some(text) = text {
                write!(f, "\n  {label}: {}", text.replace('\n', "\n    "))?;
            }
        }
        for blocker in &self.blockers {
            write!(f, "\n  in the way: {blocker}")?;
        }
        match self.aftermath {
            Aftermath::Journalled { statement, of } => write!(
                f,
                "\n  it runs outside a transaction: {}, the next run goes on with statement {statement} of {of}",
                in_effect(statement)
            ),
            Aftermath::RolledBack => {
                write!(f, "\n  the database is as it was before this migration")
            }
            Aftermath::StoppedAt(0) => write!(
                f,
                "\n  it runs outside a transaction: what it did before stays in effect"
            ),
            Aftermath::StoppedAt(1) => write!(
                f,
                "\n  it runs outside a transaction and failed at its first statement"
            ),
            Aftermath::StoppedAt(statement) => write!(
                f,
                "\n  it runs outside a transaction: statements 1 to {} stay in effect, it failed at statement {statement}",
                statement - 1
            ),
        }
    }
}

impl Help for Failure {
    fn help(&self) -> Option<String> {
        if self.remedy.is_some() {
            return self.remedy.clone();
        }
        match self.sqlstate.as_deref() {
            Some("55P03") => {
                return Some(match self.blockers.first() {
                    Some(one) if one.pid > 0 => format!(
                        "wait until that transaction has ended, or end it: SELECT pg_terminate_backend({}); then run this again",
                        one.pid
                    ),
                    _ => "run it again in a quieter moment, or with more `--tries`".to_owned(),
                });
            }
            Some("57014") => {
                return Some(
                    "if it ran into the statement timeout: it kept others waiting for too long; choose a form that does not, or a quiet hour and a longer `--statement-timeout` (0 for none)"
                        .to_owned(),
                );
            }
            _ => {}
        }
        match self.aftermath {
            Aftermath::Journalled { statement, .. } => Some(format!(
                "mend what is in its way, or the statement, and run this again: it goes on with statement {statement}; those before it have to stay as they are"
            )),
            Aftermath::RolledBack => {
                Some("mend the migration, lock it anew by `cargo xtask db rebase`, and run this again".to_owned())
            }
            Aftermath::StoppedAt(_) => Some(
                "look at what it left behind (an invalid index is dropped with DROP INDEX), mend, and run this again: it begins with its first statement"
                    .to_owned(),
            ),
        }
    }
}
