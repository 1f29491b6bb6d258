//! What lint finds, as data: the command decides how to show it and how to end.

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

/// What a statement costs others while it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Impact {
    pub lock: Lock,
    /// The tables that existed before, and that it locks so.
    pub tables: Vec<String>,
    /// Who waits.
    pub blocks: &'static str,
    pub work: Work,
}

/// PostgreSQL's table locks (manual, 13.3.1), those that block more than schema changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lock {
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

/// What is done with the table's rows while the lock is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// The table and its indexes are written anew.
    Rewrite,
    /// The table is read, and an index built.
    BuildIndex,
    /// Every row is read.
    Scan,
    /// Rows are changed.
    ChangeRows,
    /// Neither: the lock is short, but it queues behind every query that runs.
    Nothing,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Impact {
    pub(crate) fn new(
        lock: Lock,
        tables: impl IntoIterator<Item = seachange_schema::Name>,
        work: Work,
    ) -> Self {
        Self {
            lock,
            tables: tables.into_iter().map(|table| table.plain()).collect(),
            blocks: lock.blocks(),
            work,
        }
    }
}

impl Lock {
    /// As the manual and `LOCK TABLE` spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    /// Who waits for it.
    pub fn blocks(self) -> &'static str {
        match self {
            Self::RowExclusive => "other writers of the same rows",
            Self::ShareUpdateExclusive => "schema changes and VACUUM",
            Self::Share | Self::ShareRowExclusive | Self::Exclusive => "writers",
            Self::AccessExclusive => "readers and writers",
        }
    }
}

impl Work {
    pub fn words(self) -> &'static str {
        match self {
            Self::Rewrite => "the table is rewritten",
            Self::BuildIndex => "an index is built",
            Self::Scan => "the table is scanned",
            Self::ChangeRows => "rows are changed",
            Self::Nothing => "no rewrite, no scan",
        }
    }
}
