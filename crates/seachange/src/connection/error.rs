//! An error of PostgreSQL, placed in the text that was sent.

use std::fmt;
use std::ops::Deref;

use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use super::run::SqlText;
use super::statements::Statement;
use crate::error::{Help, sqlstate_help};

/// What PostgreSQL said about a statement of a file. Boxed, since it is returned everywhere.
#[derive(Debug)]
pub struct SqlError(Box<SqlFailure>);

/// The parts of a [`SqlError`].
#[derive(Debug)]
pub struct SqlFailure {
    /// As the caller named the text: mostly a path.
    pub path: String,
    /// From 1. The line that PostgreSQL points at, else the failing statement's first one.
    pub line: u32,
    /// From 1, in characters; only when PostgreSQL points at one.
    pub column: Option<u32>,
    /// None when it was not PostgreSQL that refused: a lost connection, text that can't be sent.
    pub sqlstate: Option<String>,
    /// What is wrong, as PostgreSQL or the program said it.
    pub message: String,
    /// PostgreSQL's DETAIL.
    pub detail: Option<String>,
    /// PostgreSQL's HINT.
    pub hint: Option<String>,
    /// Where inside functions and DO blocks it happened, as PostgreSQL tells it.
    pub context: Option<String>,
    /// Where the failing statement begins, in bytes.
    pub offset: usize,
    /// The first lines of the failing statement.
    pub statement: String,
    /// A remedy known without PostgreSQL.
    remedy: Option<&'static str>,
}

impl Deref for SqlError {
    type Target = SqlFailure;

    fn deref(&self) -> &SqlFailure {
        &self.0
    }
}

impl fmt::Display for SqlError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}:{}: {}", self.path, self.line, self.summary())
    }
}

impl std::error::Error for SqlError {}

impl SqlFailure {
    /// The message with its SQLSTATE, without the place.
    pub fn summary(&self) -> String {
        match &self.sqlstate {
            Some(sqlstate) => format!("{} (SQLSTATE {sqlstate})", self.message),
            None => self.message.clone(),
        }
    }
}

impl SqlError {
    /// Text that is no SQL for the server.
    pub(crate) fn refused(
        sql: SqlText<'_>,
        statement: &Statement<'_>,
        message: &str,
        remedy: &'static str,
    ) -> Self {
        let mut failure = failure_at(sql, statement);
        failure.message = message.to_owned();
        failure.remedy = Some(remedy);
        Self(Box::new(failure))
    }

    /// What PostgreSQL said about a statement that was sent by itself.
    pub(crate) fn of_statement(
        error: &sqlx::Error,
        sql: SqlText<'_>,
        statement: &Statement<'_>,
    ) -> Self {
        Self::placed(
            error,
            sql,
            statement.offset,
            std::slice::from_ref(statement),
            Some(statement),
        )
    }

    /// `sent_from` is where in the file the text that was sent begins; `statement` is the one that
    /// was running, which a position in the text overrules.
    pub(super) fn placed(
        error: &sqlx::Error,
        sql: SqlText<'_>,
        sent_from: usize,
        all: &[Statement<'_>],
        running: Option<&Statement<'_>>,
    ) -> Self {
        let database = match error {
            sqlx::Error::Database(error) => error.try_downcast_ref::<PgDatabaseError>(),
            _ => None,
        };
        let position = match database.and_then(PgDatabaseError::position) {
            Some(PgErrorPosition::Original(character)) => {
                Some(sent_from + byte_of(&sql.text[sent_from..], character))
            }
            _ => None,
        };
        let pointed_at = position.and_then(|at| all.iter().rev().find(|one| one.offset <= at));
        let mut failure = match pointed_at.or(running).or(all.last()) {
            Some(statement) => failure_at(sql, statement),
            None => failure_at(sql, &Statement::whole(sql.text)),
        };
        if let Some(at) = position {
            let (line, column) = line_and_column(sql.text, at);
            failure.line = line;
            failure.column = Some(column);
        }
        match database {
            Some(error) => {
                failure.sqlstate = Some(error.code().to_owned());
                failure.message = error.message().to_owned();
                failure.detail = error.detail().map(str::to_owned);
                failure.hint = error.hint().map(str::to_owned);
                failure.context = error.r#where().map(str::to_owned);
            }
            None => failure.message = error.to_string(),
        }
        Self(Box::new(failure))
    }
}

impl Help for SqlError {
    fn help(&self) -> Option<String> {
        let told = || match self.sqlstate.as_deref() {
            Some(code) => sqlstate_help(code),
            None => {
                "the connection was lost, or the statement never reached the server: run it again"
            }
        };
        self.known_help().or_else(|| Some(told().to_owned()))
    }
}

impl SqlFailure {
    /// What is known of this very statement or refusal, and not only of its kind.
    pub(crate) fn known_help(&self) -> Option<String> {
        if let Some(remedy) = self.remedy {
            return Some(remedy.to_owned());
        }
        if self.hint.is_some() {
            return self.hint.clone();
        }
        let text = match self.sqlstate.as_deref()? {
            "25001" => {
                "this statement cannot run inside a transaction: let the file begin with \
                 `-- seachange: no-transaction`"
            }
            "42704" if self.message.starts_with("role ") => {
                "roles belong to the server, not to a database: create it there first \
                 (`CREATE ROLE name NOLOGIN`)"
            }
            "42501" => "connect as a role that owns the object, or grant it the privilege",
            "55P03" => "another session holds the lock: try again, or look in pg_stat_activity",
            "55P04" => {
                "an enum label can be used only after the transaction that added it is committed"
            }
            "58P01" | "0A000" if self.message.contains("extension") => {
                "install the extension's package on the server"
            }
            _ => return None,
        };
        Some(text.to_owned())
    }
}

fn failure_at(sql: SqlText<'_>, statement: &Statement<'_>) -> SqlFailure {
    SqlFailure {
        path: sql.path.to_owned(),
        line: statement.line,
        column: None,
        sqlstate: None,
        message: String::new(),
        detail: None,
        hint: None,
        context: None,
        offset: statement.offset,
        statement: first_lines(statement.text),
        remedy: None,
    }
}

/// PostgreSQL counts characters from 1; past the end, the end.
fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices()
        .nth(character.saturating_sub(1))
        .map_or(text.len(), |(byte, _)| byte)
}

fn line_and_column(text: &str, at: usize) -> (u32, u32) {
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    (small(line), small(column))
}

fn first_lines(statement: &str) -> String {
    const LINES: usize = 6;
    const CHARACTERS: usize = 400;
    let lines: Vec<&str> = statement.lines().take(LINES).collect();
    let mut shown: String = lines.join("\n").chars().take(CHARACTERS).collect();
    if shown.len() < statement.len() {
        shown.push_str(" …");
    }
    shown
}
