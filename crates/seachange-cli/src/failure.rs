//! What failed, in the words that are printed: message, causes, remedy, and the exit code.

use std::error::Error;

use seachange::Help;
use seachange::connection::SqlError;
use seachange::connection::SqlFailure;
use seachange::entities::EntitiesError;
use serde::Serialize;

use crate::exit::Exit;

/// Why a command did not do what was asked. Made from any error that has a remedy, or by hand.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// A lower-case fragment, names in backticks, no final period.
    pub(crate) message: String,
    /// From the nearest to the deepest.
    pub(crate) causes: Vec<String>,
    pub(crate) help: Option<String>,
    pub(crate) exit: Exit,
    /// The flags that would have answered what could not be asked.
    pub(crate) missing: Vec<String>,
    /// Where PostgreSQL refused, when it did.
    pub(crate) at: Option<Box<At>>,
}

/// A statement that PostgreSQL refused.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct At {
    pub(crate) file: String,
    pub(crate) line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sqlstate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) context: Option<String>,
    pub(crate) statement: String,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            causes: Vec::new(),
            help: None,
            exit: Exit::Failed,
            missing: Vec::new(),
            at: None,
        }
    }

    /// Something was to be asked and nobody could be, or the answer was no. `missing` are the flags,
    /// with their values, that say yes.
    pub(crate) fn refused(message: impl Into<String>, missing: Vec<String>) -> Self {
        let help = match missing.as_slice() {
            [] => None,
            flags => Some(format!("say so with `{}`", flags.join(" "))),
        };
        Self {
            help,
            missing,
            exit: Exit::Refused,
            ..Self::new(message)
        }
    }

    /// Arguments that clap can't see to be wrong.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            ..Self::new(message)
        }
    }

    pub(crate) fn interrupted() -> Self {
        Self {
            exit: Exit::Interrupted,
            ..Self::new("interrupted")
        }
    }

    /// Message and causes, where there is one line for them.
    pub(crate) fn in_one_line(&self) -> String {
        let mut parts = vec![self.message.as_str()];
        parts.extend(self.causes.iter().map(String::as_str));
        parts.join(": ")
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what lies behind the message: an error, and all that it says is behind it.
    #[must_use]
    pub(crate) fn because(mut self, cause: &(dyn Error + 'static)) -> Self {
        self.add_cause(cause);
        self
    }

    fn add_cause(&mut self, cause: &(dyn Error + 'static)) {
        self.at = self.at.take().or_else(|| at(cause));
        let text = cause.to_string();
        // Some errors repeat their cause in their own message.
        let last = self.causes.last().unwrap_or(&self.message);
        if !last.contains(&text) {
            self.causes.push(text);
        }
        if let Some(next) = cause.source() {
            self.add_cause(next);
        }
    }
}

impl<E: Error + Help + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut failure = Self::new(error.to_string());
        failure.help = error.help();
        failure.at = at(&error);
        if let Some(cause) = error.source() {
            failure.add_cause(cause);
        }
        failure
    }
}

fn at(error: &(dyn Error + 'static)) -> Option<Box<At>> {
    let failure: &SqlFailure = match error.downcast_ref::<SqlError>() {
        Some(error) => error,
        None => error.downcast_ref::<EntitiesError>()?.sql()?,
    };
    Some(Box::new(At {
        file: failure.path.clone(),
        line: failure.line,
        sqlstate: failure.sqlstate.clone(),
        detail: failure.detail.clone(),
        context: failure.context.clone(),
        statement: failure.statement.clone(),
    }))
}
