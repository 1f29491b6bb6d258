//! The terminal: results on stdout, everything else on stderr, questions only where someone can answer.

mod lines;
pub(crate) mod look;
pub(crate) mod plan;
mod question;
pub(crate) mod style;
mod table;
mod wrap;

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use seachange::telemetry;
use serde::Serialize;

pub(crate) use question::Question;
pub(crate) use table::Table;
pub(crate) use wrap::wrapped;

use crate::failure::Failure;
use crate::json;

/// What stdout carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
}

/// Where a command's words go.
#[derive(Clone, Debug)]
pub(crate) struct Terminal {
    format: Format,
}

impl Terminal {
    pub(crate) fn new(format: Format) -> Self {
        Self { format }
    }

    pub(crate) fn format(&self) -> Format {
        self.format
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// A result: text as it stands, on stdout. A reader who has seen enough is no failure.
    pub(crate) fn result(&self, text: &str) -> Result<(), Failure> {
        let mut out = anstream::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::new(
                "cannot write to stdout",
            )
            .help("see whether the disk is full that stdout goes to; what was done stays done")
            .because(&error)),
            _ => Ok(()),
        }
    }

    /// A result as versioned JSON, on stdout.
    pub(crate) fn json<T: Serialize>(&self, value: &T) -> Result<(), Failure> {
        self.result(&json::text(value)?)
    }

    /// A line about what is being done, on stderr. That nobody reads it stops no command.
    pub(crate) fn note(&self, line: impl Display) {
        if telemetry::speaks_json() {
            return telemetry::message(line);
        }
        let _ = writeln!(anstream::stderr(), "{line}");
    }

    /// Whether someone can be asked: a terminal both ways, and not CI.
    pub(crate) fn can_ask(&self) -> bool {
        !on_ci()
            && self.format == Format::Text
            && io::stdin().is_terminal()
            && io::stderr().is_terminal()
    }
}

/// Whether this is a job of continuous integration, which answers no questions and edits no files.
pub(crate) fn on_ci() -> bool {
    crate::target::variable("CI").is_some_and(|ci| ci == "true" || ci == "1")
}
