//! A tool under measurement, and the commands that are measured.

use std::fmt;
use std::path::PathBuf;

use super::error::BenchError;
use super::files;
use super::program::{Finished, Program};

/// A command in a situation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    GenerateNothing,
    PushNothing,
    MigrateNothing,
    /// The last one, because it touches the files.
    GenerateColumn,
}

impl Task {
    pub(super) const ALL: [Self; 4] = [
        Self::GenerateNothing,
        Self::PushNothing,
        Self::MigrateNothing,
        Self::GenerateColumn,
    ];
}

impl fmt::Display for Task {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::GenerateNothing => "generate, nothing to do",
            Self::PushNothing => "push, nothing to do",
            Self::MigrateNothing => "migrate, nothing to do",
            Self::GenerateColumn => "generate, one new column",
        })
    }
}

/// How often a task is measured for a tool.
pub(super) enum Measured {
    AsAsked,
    AtMost(u16),
    /// Not at all, for this reason.
    Not(String),
}

/// One tool on the schema of one size.
pub(super) trait Contender {
    fn title(&self) -> String;
    /// Writes the schema, its first migration, and two databases: one migrated, one pushed.
    fn prepare(&mut self) -> Result<(), BenchError>;
    fn measured(&self, task: Task) -> Measured;
    /// Brings the files to where the task begins. `round` counts from 0.
    fn before(&mut self, task: Task, round: u16) -> Result<(), BenchError>;
    /// What is measured.
    fn program(&self, task: Task) -> Program;
    /// Fails unless the program did what it is measured for.
    fn prove(&self, task: Task, finished: &Finished) -> Result<(), BenchError>;
    /// Undoes what the task did to the files.
    fn after(&mut self, task: Task) -> Result<(), BenchError>;
}

/// The name of the column that a round adds. Each has its own, so that nothing is known of it.
pub(super) fn column(round: u16) -> String {
    format!("note_{round}")
}

/// Whether one of these files is a migration that adds such a column.
pub(super) fn adds_column(written: &[PathBuf]) -> Result<bool, BenchError> {
    for path in written {
        if path.extension().is_some_and(|extension| extension == "sql")
            && files::read(path)?.contains("ADD COLUMN \"note_")
        {
            return Ok(true);
        }
    }
    Ok(false)
}
