//! What a statement costs those who use the database meanwhile.

use serde::Serialize;

use crate::name::Name;

/// What a statement costs others while it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Impact {
    /// The strongest table lock that it takes.
    pub lock: Lock,
    /// The tables that existed before, and that it locks so; in the order in which they are locked.
    pub tables: Vec<String>,
    /// Who waits.
    pub blocks: &'static str,
    /// What it does while it holds the lock.
    pub work: Work,
}

/// PostgreSQL's table locks (manual, 13.3.1), those that block more than schema changes; the strongest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Lock {
    /// INSERT, UPDATE, DELETE and MERGE.
    RowExclusive,
    /// VACUUM, ANALYZE, CREATE INDEX CONCURRENTLY, VALIDATE CONSTRAINT.
    ShareUpdateExclusive,
    /// CREATE INDEX: nobody writes.
    Share,
    /// CREATE TRIGGER, foreign keys on both of their tables: nobody writes.
    ShareRowExclusive,
    /// REFRESH MATERIALIZED VIEW CONCURRENTLY: others can only read.
    Exclusive,
    /// Most of ALTER TABLE, DROP, TRUNCATE: nobody reads either.
    AccessExclusive,
}

/// What is done with the table's rows while the lock is held; the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Nothing: the lock is short, but it queues behind every query that runs.
    Nothing,
    /// Rows are changed.
    ChangeRows,
    /// Every row is read.
    Scan,
    /// The table is read, and an index built.
    BuildIndex,
    /// The table and its indexes are written anew.
    Rewrite,
}

impl Impact {
    /// An impact on `tables`, with whom `lock` keeps waiting.
    pub fn new(lock: Lock, tables: impl IntoIterator<Item = Name>, work: Work) -> Self {
        Self {
            lock,
            tables: tables.into_iter().map(|table| table.plain()).collect(),
            blocks: lock.blocks(),
            work,
        }
    }
}

/// The first few, and how many more.
struct Listed<'a>(&'a [String]);

impl std::fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const SHOWN: usize = 4;
        let shown = self.0.iter().take(SHOWN).cloned().collect::<Vec<_>>();
        f.write_str(&shown.join(", "))?;
        match self.0.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

impl std::fmt::Display for Impact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} on {}: {} wait; {}",
            self.lock.name(),
            Listed(&self.tables),
            self.blocks,
            self.work.words()
        )
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
    /// As a plan says it to a person.
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
