//! Why there is no sample. No message holds a value of a row: neither the original, which is not to be
//! seen, nor the masked one, which helps nobody.

use sqlx::postgres::PgDatabaseError;

use crate::catalog::CatalogError;
use crate::connection::ConnectError;
use crate::error::{Help, sqlstate_help};

/// Why no share was copied.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The server was not reached, or did not let the user in.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The catalog could not be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// Columns lack a mask, and nothing is copied before all have one.
    #[error("not every column can be masked: {}", listed(.0))]
    Declared(Vec<Refused>),
    /// MATCH PARTIAL, or a key on what is not copied.
    #[error("foreign key `{constraint}` of `{table}` is of a kind that can't be followed")]
    ForeignKey {
        /// The table's name.
        table: String,
        /// Its name.
        constraint: String,
    },
    /// Both sides have to be of one schema. A line for each object that differs.
    #[error("the target has another schema than the source: {}", .0.join("; "))]
    Schema(Vec<String>),
    /// The target has to be empty; these tables are not.
    #[error("the target has rows already, in `{}`", .0.join("`, `"))]
    Filled(Vec<String>),
    /// A table was altered while it was read.
    #[error("`{0}` changed at the source while it was read")]
    Gone(String),
    /// Rows could not be read.
    #[error("could not read {what} at the source: {message}")]
    Source {
        /// Which rows, in words.
        what: String,
        /// What is wrong, as PostgreSQL or the program said it.
        message: String,
        /// PostgreSQL's code for the error (manual, appendix A), where it gave one.
        sqlstate: Option<String>,
    },
    /// The mask does not know values of this kind.
    #[error("a value of `{column}` can't be masked: {reason}")]
    Value {
        /// The column's name.
        column: String,
        /// Why, as a fragment.
        reason: &'static str,
    },
    /// The target refused a row.
    #[error("the target refuses a row of `{table}`: {message}")]
    Row {
        /// The table's name.
        table: String,
        /// The constraint that is violated, where it is one.
        constraint: Option<String>,
        /// What is wrong, as PostgreSQL or the program said it.
        message: String,
        /// PostgreSQL's code for the error (manual, appendix A), where it gave one.
        sqlstate: Option<String>,
        /// The columns that are masked there.
        masked: Vec<String>,
    },
    /// The target refused something else.
    #[error("could not {doing} in the target: {message}")]
    Target {
        /// What was being done, as words that follow "cannot".
        doing: &'static str,
        /// What is wrong, as PostgreSQL or the program said it.
        message: String,
        /// PostgreSQL's code for the error (manual, appendix A), where it gave one.
        sqlstate: Option<String>,
    },
}

/// A column that has no mask, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// `users.email`.
    pub column: String,
    /// Why, as a fragment.
    pub reason: String,
}

fn listed(refused: &[Refused]) -> String {
    let all: Vec<String> = refused
        .iter()
        .map(|refused| format!("`{}`: {}", refused.column, refused.reason))
        .collect();
    all.join("; ")
}

/// The table that rows go into, and what of it is masked.
pub(super) struct Refusal {
    pub(super) table: String,
    pub(super) masked: Vec<String>,
}

impl SampleError {
    pub(super) fn source(what: impl Into<String>) -> impl Fn(sqlx::Error) -> Self {
        let what = what.into();
        move |error| {
            let (message, sqlstate) = said(&error);
            Self::Source {
                what: what.clone(),
                message,
                sqlstate,
            }
        }
    }

    pub(super) fn target(doing: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |error| {
            let (message, sqlstate) = said(&error);
            Self::Target {
                doing,
                message,
                sqlstate,
            }
        }
    }

    pub(super) fn of_target(error: sqlx::Error, refusal: &Refusal) -> Self {
        let constraint = database(&error).and_then(PgDatabaseError::constraint);
        let (message, sqlstate) = said(&error);
        Self::Row {
            table: refusal.table.clone(),
            constraint: constraint.map(str::to_owned),
            message,
            sqlstate,
            masked: refusal.masked.clone(),
        }
    }

    /// What was deferred is violated.
    pub(super) fn of_check(error: sqlx::Error) -> Self {
        let table = database(&error).and_then(PgDatabaseError::table);
        let table = table.unwrap_or("a table").to_owned();
        Self::of_target(
            error,
            &Refusal {
                table,
                masked: Vec::new(),
            },
        )
    }
}

fn database(error: &sqlx::Error) -> Option<&PgDatabaseError> {
    error.as_database_error()?.try_downcast_ref()
}

/// PostgreSQL's message without its detail, which quotes rows; and where the message itself quotes a
/// value, not that either.
fn said(error: &sqlx::Error) -> (String, Option<String>) {
    let Some(error) = database(error) else {
        return (error.to_string(), None);
    };
    let code = error.code().to_owned();
    let message = match code.as_str() {
        // Invalid text for a type: `invalid input syntax for type integer: "…"`.
        code if code.starts_with("22") => match error.message().split_once(": \"") {
            Some((message, _)) => message.to_owned(),
            None => error.message().to_owned(),
        },
        _ => error.message().to_owned(),
    };
    (format!("{message} (SQLSTATE {code})"), Some(code))
}

impl Help for SampleError {
    fn help(&self) -> Option<String> {
        let text = match self {
            Self::Connect(error) => return error.help(),
            Self::Catalog(error) => return error.help(),
            Self::Declared(_) => {
                "declare each of them: `.safe(column)` copies it as it is, `.with(column, Mask::Null)`, \
                 `Mask::Fixed(…)` and the others replace it"
                    .to_owned()
            }
            Self::ForeignKey { .. } => {
                "foreign keys with PERIOD are not supported: sample a database without it".to_owned()
            }
            Self::Schema(_) => {
                "bring both to the same migration; `diff --from URL --to URL` shows the difference"
                    .to_owned()
            }
            Self::Filled(_) => "give it a migrated database without rows".to_owned(),
            Self::Gone(_) => "run it again".to_owned(),
            Self::Source { sqlstate, .. } => source_help(sqlstate.as_deref().unwrap_or_default()).to_owned(),
            Self::Value { column, .. } => format!(
                "declare `{column}` with another mask, `Mask::Text` or `Mask::Null`, or declare it safe"
            ),
            Self::Row { masked, .. } if masked.is_empty() => {
                "if the source itself has such rows (a constraint that is NOT VALID), mend them there; \
                 else declare the masked columns that the constraint is about"
                    .to_owned()
            }
            Self::Row { table, masked, .. } => format!(
                "masked in `{table}` are {}: declare the one that this is about safe, or give it a mask \
                 that fits (`Mask::Between`, `Mask::Code`, `Mask::Fixed`)",
                masked.join(", ")
            ),
            Self::Target { sqlstate, .. } => target_help(sqlstate.as_deref().unwrap_or_default()).to_owned(),
        };
        Some(text)
    }
}

fn source_help(sqlstate: &str) -> &'static str {
    match sqlstate {
        "42501" => {
            "connect as a role that may read every table, and that no row-level security hides rows from"
        }
        "57014" => "a statement timeout ended it; allow it more time",
        "40001" | "57P01" => {
            "the standby had to go on with replication: run it again, raise max_standby_streaming_delay, \
             or set hot_standby_feedback"
        }
        "55P03" => "somebody is changing a table: run it again",
        other => sqlstate_help(other),
    }
}

fn target_help(sqlstate: &str) -> &'static str {
    match sqlstate {
        "42501" => {
            "connect as the owner of the target's tables: triggers are switched off and foreign keys \
             deferred while rows come in"
        }
        "55P03" => "somebody else uses the target's tables: close that session",
        other => sqlstate_help(other),
    }
}
