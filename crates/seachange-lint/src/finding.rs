//! What lint finds, as data: the command decides how to show it and how to end.

pub use seachange_schema::{Impact, Lock, Work};
use serde::Serialize;

/// One thing to know about a statement, a file or a declared object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's name, which is stable.
    pub code: &'static str,
    pub severity: Severity,
    /// The file, as it was given; none for what entities declare.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// From 1; none where a whole file or a declared object is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What it is about, as a flag would name it: `users.name`; empty where it has no name.
    pub subject: String,
    pub message: String,
    /// The safe recipe.
    pub help: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<Impact>,
}

/// A place in a file, and the statement that stands there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    pub line: u32,
    /// In characters.
    pub column: u32,
    pub end_line: u32,
    pub statement: String,
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// To be weighed: how bad it gets depends on the rows and on the code that runs.
    Warning,
    /// Wrong whatever the table holds: PostgreSQL refuses it, or the runner's promises break.
    Error,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}
