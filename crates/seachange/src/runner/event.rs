//! What a run tells while it goes on, and what it leaves as its result: plain values for whoever
//! prints them.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::lock::Holder;
use super::watch::{Blocker, Working};
use crate::backup::Backup;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// Another runner holds the lock; sent again while it does.
    Waiting {
        /// Who has it, where that can be seen.
        holder: Option<Holder>,
        /// How long so far.
        waited: Duration,
    },
    /// A migration begins.
    Started {
        /// The migration's name.
        version: String,
        /// Up, or back again.
        direction: Direction,
    },
    /// A try failed for a reason that passes; the next one follows after `pause`.
    Retrying {
        /// The migration's name.
        version: String,
        /// How many tries have failed.
        tried: u32,
        /// Why, as a fragment.
        reason: String,
        /// Until the next try.
        pause: Duration,
        /// Who was in the way, when it was a lock that was not had in time.
        blockers: Vec<Blocker>,
    },
    /// A statement waits for a lock that others have; sent again when it is others.
    Blocked {
        /// The migration's name.
        version: String,
        /// The sessions that it waits for.
        blockers: Vec<Blocker>,
    },
    /// Once a second while a statement runs.
    Progress {
        /// The migration's name.
        version: String,
        /// The statement and how many there are; 0 where they are not counted.
        statement: u32,
        /// How many statements the migration has.
        of: u32,
        /// Since the migration began.
        elapsed: Duration,
        /// Where PostgreSQL tells it.
        working: Option<Working>,
    },
    /// A backfill has committed a batch.
    Backfilled {
        /// The migration's name.
        version: String,
        /// Its number in the migration, from 1.
        statement: u32,
        /// How many statements the migration has.
        of: u32,
        /// The rows that it went over, and those that it changed, also before it was interrupted.
        seen: u64,
        /// The rows that it changed, likewise.
        changed: u64,
        /// How many rows the table has, about; none where nobody knows.
        estimated: Option<u64>,
        /// Since the migration began.
        elapsed: Duration,
    },
    /// A backfill waits for a replica; sent again while it does.
    Lagging {
        /// The migration's name.
        version: String,
        /// Its `application_name`.
        replica: String,
        /// How far it is behind.
        lag: Duration,
    },
    /// A session that a killed runner left is let finish.
    Finishing {
        /// Process id of its backend.
        pid: i32,
        /// What the session runs.
        query: String,
        /// How long so far.
        waited: Duration,
        /// The sessions that it waits for.
        blockers: Vec<Blocker>,
    },
    /// A migration has ended well.
    Done(Done),
    /// The database is being dumped, before anything is done to it.
    BackingUp,
    /// The dump is whole.
    BackedUp(Backup),
    /// There was nothing to do, and why.
    Nothing(String),
    /// Everything in the database was dropped.
    Wiped,
    /// Something that should be known but stops nothing.
    Note(String),
}

/// Whoever is told, by several at once.
pub(super) struct Tell<'a>(Mutex<&'a mut (dyn FnMut(Event) + Send)>);

impl<'a> Tell<'a> {
    pub(super) fn new(observe: &'a mut (dyn FnMut(Event) + Send)) -> Self {
        Self(Mutex::new(observe))
    }

    pub(super) fn event(&self, event: Event) {
        let mut observe = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        observe(event);
    }
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Applying.
    Up,
    /// Taking back.
    Down,
}

/// A migration that was applied or taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Done {
    /// The migration's name.
    pub version: String,
    /// Up, or back again.
    pub direction: Direction,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// How many statements of its SQL files ran; those that a migration in Rust sends itself are not
    /// counted.
    pub statements: u32,
}

/// A migration that a dry run came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Planned {
    /// The migration's name.
    pub version: String,
    /// Up, or back again.
    pub direction: Direction,
    /// Whether it would run in one transaction with its record.
    pub transaction: bool,
    /// None for a migration in Rust: only running it tells.
    pub sql: Option<SqlFile>,
}

/// An SQL file that was compiled into the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct SqlFile {
    /// Of the file, as messages show it.
    pub path: String,
    /// The whole of it.
    pub text: String,
}

impl Direction {
    /// `up` or `down`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    pub(super) fn doing(self) -> &'static str {
        match self {
            Self::Up => "applying",
            Self::Down => "rolling back",
        }
    }

    pub(super) fn done(self) -> &'static str {
        match self {
            Self::Up => "applied",
            Self::Down => "rolled back",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
