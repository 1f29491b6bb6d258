//! One call of the runner: on which database, how, and who listens.

use std::collections::BTreeSet;
use std::time::Duration;

use seachange_schema::name::Ident;

use super::event::Event;
use super::interrupt::Interrupt;
use super::program::Program;
use crate::connection::masked;

/// The database and the schema in it.
#[derive(Clone, Debug)]
pub struct Target {
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
    /// What is refused otherwise.
    pub allow: BTreeSet<Allow>,
}

/// Consent to something that is refused without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Allow {
    /// Applying migrations that are older than the newest one applied.
    OutOfOrder,
    /// Going on although an applied migration was edited.
    Edited,
    /// Dropping what is in a database on another machine.
    Remote,
}

/// Everything that a call needs.
pub struct Run<'a> {
    pub program: &'a Program,
    pub target: &'a Target,
    pub settings: &'a Settings,
    pub interrupt: Interrupt,
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
            allow: BTreeSet::new(),
        }
    }
}

impl Settings {
    pub(super) fn allows(&self, what: Allow) -> bool {
        self.allow.contains(&what)
    }
}

impl Run<'_> {
    pub(super) fn tell(&mut self, event: Event) {
        (self.observe)(event);
    }
}
