//! What lint finds, as data: the command decides how to show it and how to end.

pub use seachange_schema::{Impact, Lock, Work};
use serde::Serialize;

/// One thing to know about a statement, a file or a declared object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Finding {
    /// The rule's name, which is stable.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The file, as it was given; none for what entities declare.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// From 1; none where a whole file or a declared object is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What it is about, as a flag would name it: `users.name`; empty where it has no name.
    pub subject: String,
    /// A fragment that says what happens, with the names it happens to.
    pub message: String,
    /// The safe recipe.
    pub help: String,
    /// Lock and work, where the statement takes a lock that others wait for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<Impact>,
}

/// A place in a file, and the statement that stands there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Place {
    /// From 1.
    pub line: u32,
    /// In characters.
    pub column: u32,
    /// The line on which the statement ends.
    pub end_line: u32,
    /// Its text, without the semicolon.
    pub statement: String,
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// To be weighed: how bad it gets depends on the rows and on the code that runs.
    Warning,
    /// Wrong whatever the table holds: PostgreSQL refuses it, or the runner's promises break.
    Error,
}

impl Severity {
    /// As it stands in output and in `--json`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}
