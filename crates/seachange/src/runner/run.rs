//! One call of the runner: on which database, how, and who listens.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use seachange_schema::name::Ident;

use super::event::Event;
use super::interrupt::Interrupt;
use super::program::Program;
use crate::backup::Wanted;
use crate::connection::masked;

/// The database and the schema in it.
#[derive(Clone, Debug)]
pub struct Target {
    /// `postgres://…`, with its password.
    pub url: String,
    /// `search_path` while migrations run; the record tables are there too.
    pub schema: String,
}

/// How to go about it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long another runner is waited for.
    pub lock_wait: Duration,
    /// How long a statement may wait for a lock on a table, and so keep everybody behind it waiting.
    pub lock_timeout: Duration,
    /// How long a statement may take that keeps others waiting while it works; 0 for any time. Index
    /// builds without a lock, validations, changes of rows and maintenance take what they take.
    pub statement_timeout: Duration,
    /// How often a migration, or outside a transaction a statement, is tried in all while locks can't be
    /// had in time or others get in its way.
    pub tries: u32,
    /// A backfill waits while a replica is behind by more than this; 0 for never.
    pub max_replication_lag: Duration,
    /// The statement that a migration goes on with, by the migration's version or the end of it,
    /// whatever its journal says.
    pub resume_at: BTreeMap<String, u32>,
    /// How long ago the migration before one that is held back has to have been applied, for that to run
    /// unasked; none for never.
    pub contract_after: Option<Duration>,
    /// What is refused otherwise.
    pub allow: BTreeSet<Allow>,
    /// A backup before the first migration of a run that has something to do.
    pub backup: Option<Wanted>,
}

/// Consent to something that is refused without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Allow {
    /// Applying migrations that are older than the newest one applied.
    OutOfOrder,
    /// Going on although an applied migration was edited.
    Edited,
    /// Leaving a migration as it is that stands half-way outside a transaction.
    HalfDone,
    /// Applying what is held back until no code needs what it takes away.
    Contract,
    /// Dropping what is in a database on another machine.
    Remote,
    /// Going on without a lock on a server that has none.
    NoLock,
}

/// Everything that a call needs.
pub struct Run<'a> {
    /// The migrations and their lock.
    pub program: &'a Program,
    /// The database that is worked on.
    pub target: &'a Target,
    /// Timeouts, tries and consents.
    pub settings: &'a Settings,
    /// What stops it.
    pub interrupt: Interrupt,
    /// Gets each event as it happens.
    pub observe: &'a mut (dyn FnMut(Event) + Send),
}

impl Target {
    /// A database with the usual schema.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            schema: "public".to_owned(),
        }
    }

    /// The URL without its password.
    pub fn shown(&self) -> String {
        masked(&self.url)
    }

    /// What a session has set before a migration runs in it.
    pub(super) fn session_sql(&self) -> String {
        format!(
            "SET search_path = {}; SET client_min_messages = warning",
            Ident::new(&self.schema)
        )
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lock_wait: Duration::from_secs(60),
            lock_timeout: Duration::from_secs(2),
            statement_timeout: Duration::from_secs(60),
            tries: 5,
            max_replication_lag: Duration::from_secs(10),
            resume_at: BTreeMap::new(),
            contract_after: None,
            allow: BTreeSet::new(),
            backup: None,
        }
    }
}

impl Settings {
    /// The statement that somebody said to go on with.
    pub(super) fn resume_at(&self, version: &str) -> Option<u32> {
        self.resume_at
            .iter()
            .find(|(given, _)| version.ends_with(given.as_str()))
            .map(|(_, number)| *number)
    }

    /// Those for a transaction that has locks already: another one is waited for no longer than half a second. After
    /// a second (`deadlock_timeout`) PostgreSQL looks for a deadlock, from the one who has waited that long, and ends
    /// that session: it must not be the application's.
    pub(super) fn giving_way(&self) -> Self {
        let mut settings = self.clone();
        if !settings.lock_timeout.is_zero() {
            settings.lock_timeout = settings.lock_timeout.min(Duration::from_millis(500));
        }
        settings
    }

    pub(super) fn allows(&self, what: Allow) -> bool {
        self.allow.contains(&what)
    }
}

impl Run<'_> {
    pub(super) fn tell(&mut self, event: Event) {
        (self.observe)(event);
    }
}
