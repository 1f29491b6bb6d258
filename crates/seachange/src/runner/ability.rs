//! What a server can do, found out before anything is applied: by doing it where that leaves no trace, never by
//! the server's name. What it lacks is done without, or refused.

mod known;
mod needed;
mod question;

use std::collections::BTreeSet;

pub(super) use known::Servers;
pub(super) use needed::unable;

/// Something that a run relies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// Session-level, keeping two sessions apart, and seen in `pg_locks`.
    AdvisoryLocks,
    /// `lock_timeout` is obeyed.
    LockTimeout,
    /// `statement_timeout` is obeyed.
    StatementTimeout,
    /// `idle_session_timeout` is known.
    IdleSessionTimeout,
    /// `idle_in_transaction_session_timeout` is known.
    IdleInTransactionTimeout,
    /// `pg_blocking_pids` tells who is waited for.
    BlockingPids,
    /// `pg_stat_progress_*` can be read.
    Progress,
    /// SAVEPOINT and ROLLBACK TO work.
    Savepoints,
    /// What a transaction has created is gone when it is rolled back.
    TransactionalDdl,
    /// CREATE INDEX CONCURRENTLY works.
    ConcurrentIndexes,
}

/// What one server, asked as one role in one database, can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Abilities {
    lacking: BTreeSet<Ability>,
}

impl Ability {
    /// What the server has not, behind `this server`.
    pub(super) fn lacked(self) -> &'static str {
        match self {
            Self::AdvisoryLocks => "has no advisory locks that keep two sessions apart",
            Self::LockTimeout => "does not know `lock_timeout`",
            Self::StatementTimeout => "does not know `statement_timeout`",
            Self::IdleSessionTimeout => "does not know `idle_session_timeout`",
            Self::IdleInTransactionTimeout => "does not know `idle_in_transaction_session_timeout`",
            Self::BlockingPids => "does not tell who blocks whom",
            Self::Progress => "has no `pg_stat_progress_…` views",
            Self::Savepoints => "has no savepoints",
            Self::TransactionalDdl => "keeps what a transaction created that was rolled back",
            Self::ConcurrentIndexes => "does not know CREATE INDEX CONCURRENTLY",
        }
    }

    /// What follows from that, where it is done without; none where nothing does.
    pub(super) fn follows(self) -> Option<&'static str> {
        Some(match self {
            Self::AdvisoryLocks => {
                "nothing keeps another runner from doing the same at the same time"
            }
            Self::LockTimeout => {
                "a statement waits for a lock without end, and others wait behind it"
            }
            Self::StatementTimeout => "a statement takes what it takes, and keeps others waiting",
            Self::BlockingPids => "who is in the way of a statement is not named",
            Self::Progress => "how far an index build has come is not told",
            Self::Savepoints => "a migration in Rust that begins a transaction of its own fails",
            Self::TransactionalDdl => {
                "each statement is written down by itself, as outside a transaction, and stays in effect when a later one fails"
            }
            Self::IdleSessionTimeout | Self::IdleInTransactionTimeout | Self::ConcurrentIndexes => {
                return None;
            }
        })
    }
}

impl Abilities {
    pub(super) fn has(&self, ability: Ability) -> bool {
        !self.lacking.contains(&ability)
    }

    /// What should be known of what is done without.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        (self.lacking.iter()).filter_map(|one| {
            let follows = one.follows()?;
            Some(format!("this server {}: {follows}", one.lacked()))
        })
    }

    fn lack(&mut self, ability: Ability, has: bool) {
        if !has {
            self.lacking.insert(ability);
        }
    }

    /// Of both.
    fn and(&self, other: &Self) -> Self {
        Self {
            lacking: &self.lacking | &other.lacking,
        }
    }
}
