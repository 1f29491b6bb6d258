//! Why a run did not do what it should, and the exit code that says so.

use std::time::Duration;

use super::event::Direction;
use super::failure::{Failure, in_effect};
use super::lock::Holder;
use super::outside::is_lost;
use super::pooler::Pooled;
use super::refusal::Refusal;
use crate::backup::BackupError;
use crate::catalog::CatalogError;
use crate::connection::ConnectError;
use crate::error::{Help, database_help};
use crate::reviewed::PlanError;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    /// The server was not reached, or did not let the user in.
    #[error(transparent)]
    Connect(#[from] ConnectError),

    /// The lock was waited for as long as was asked, and not had.
    #[error("another runner holds the migration lock{}, and it was waited for {} s", held_by(.holder.as_ref()), .waited.as_secs())]
    Locked {
        /// Who has it, where that can be seen.
        holder: Option<Holder>,
        /// How long so far.
        waited: Duration,
    },

    /// The lock went with its session, so nothing more may be done.
    #[error("the session that holds the migration lock was lost")]
    LockLost {
        /// What PostgreSQL or the connection said.
        source: sqlx::Error,
    },

    /// There are reasons not to begin, all of them.
    #[error("refused: {}", listed(.0))]
    Refused(Vec<Refusal>),

    /// A command that empties the database was asked for one elsewhere.
    #[error(
        "refused: `{command}` drops what is in the database, and `{target}` is not on this machine"
    )]
    Remote {
        /// The command's name.
        command: &'static str,
        /// The database; never with a password.
        target: String,
    },

    /// No migration fits what was given.
    #[error("there is no migration `{given}`")]
    UnknownVersion {
        /// As it was given.
        given: String,
        /// What may have been meant.
        nearest: Vec<String>,
    },

    /// Several migrations fit what was given.
    #[error("`{given}` could be any of {}", names(.versions))]
    Ambiguous {
        /// As it was given.
        given: String,
        /// Their names, in order.
        versions: Vec<String>,
    },

    /// A rollback to a migration that is not there.
    #[error("`{version}` is not applied, so nothing can be rolled back to it")]
    NotApplied {
        /// The migration's name.
        version: String,
    },

    /// A migration failed; this is what PostgreSQL said, and what it leaves.
    #[error("{0}")]
    Failed(Box<Failure>),

    /// It was stopped in the middle of a migration.
    #[error("interrupted while {} `{version}`: {}", .direction.doing(), stands(*.rolled_back, *.left))]
    Interrupted {
        /// The migration's name.
        version: String,
        /// Up, or back again.
        direction: Direction,
        /// Whether it left no trace.
        rolled_back: RolledBack,
        /// How many were still to come, with this one.
        left: usize,
    },

    /// Session-level locks mean nothing behind such a pooler.
    #[error(
        "this is no session of PostgreSQL's own, but a pooler's that shares server connections between transactions: {0}"
    )]
    Pooler(Pooled),

    /// A statement may or may not have taken effect.
    #[error(
        "statement {statement} of `{version}` was begun by an earlier run, and the catalog can't tell whether it took effect: {}",
        .text.lines().next().unwrap_or_default()
    )]
    Unknown {
        /// The migration's name.
        version: String,
        /// Up, or back again.
        direction: Direction,
        /// Its number in the migration, from 1.
        statement: u32,
        /// The one behind it.
        next: u32,
        /// The statement.
        text: String,
    },

    /// `--resume-at` names no statement that can be gone on with.
    #[error("`--resume-at {given}` does not fit: {reason}")]
    ResumeAt {
        /// As it was given.
        given: String,
        /// Why, as a fragment.
        reason: String,
    },

    /// The connection broke while a statement ran.
    #[error("the connection was lost at statement {statement} of `{version}`: {source}")]
    Cut {
        /// The migration's name.
        version: String,
        /// Up, or back again.
        direction: Direction,
        /// Its number in the migration, from 1.
        statement: u32,
        /// What PostgreSQL or the connection said.
        source: sqlx::Error,
    },

    /// The connection broke while COMMIT ran.
    #[error("the connection was lost while `{version}` was being committed: {}", outcome(*.committed, *.direction))]
    CutAtCommit {
        /// The migration's name.
        version: String,
        /// Up, or back again.
        direction: Direction,
        /// None when the server can't be asked.
        committed: Option<bool>,
    },

    /// The backup failed, and nothing else was done.
    #[error("{}", of_backup(.0))]
    Backup(#[from] BackupError),

    /// The reviewed plan could not be made or does not fit.
    #[error(transparent)]
    Plan(#[from] PlanError),

    /// It was stopped before it had the lock.
    #[error("interrupted while waiting for the migration lock: nothing was done")]
    InterruptedWaiting,

    /// What was looked at before a question is another thing after it.
    #[error("{what} changed meanwhile: nothing was recorded")]
    Meanwhile {
        /// What changed.
        what: &'static str,
    },

    /// The catalog could not be read.
    #[error("the schema of the database can't be read")]
    Catalog(#[from] CatalogError),

    /// A schema could not be emptied.
    #[error("could not drop what is in the database: {reason}")]
    Wipe {
        /// Why, as a fragment.
        reason: String,
        /// PostgreSQL's code for the error (manual, appendix A), where it gave one.
        sqlstate: Option<String>,
    },

    /// The tables that the runner keeps could not be read or written.
    #[error("{doing} failed: {source}")]
    Books {
        /// What was being done, as words that follow "cannot".
        doing: &'static str,
        /// What PostgreSQL or the connection said.
        source: sqlx::Error,
    },
}

/// Whether an interrupted migration left no trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RolledBack {
    /// All of it was undone.
    Yes,
    /// It runs outside a transaction and had begun this statement.
    AtStatement(u32),
    /// The same, and the next run goes on with it.
    Journalled {
        /// The one that had begun.
        statement: u32,
        /// How many statements the migration has.
        of: u32,
    },
}

impl RunnerError {
    /// 1 failure, 3 refused for want of consent, 130 interrupted.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(_) | Self::Remote { .. } | Self::Unknown { .. } => 3,
            Self::Plan(error) if error.is_refusal() => 3,
            Self::Backup(error) if error.is_refusal() => 3,
            Self::Backup(error) if error.is_interrupt() => 130,
            Self::ResumeAt { .. } => 64,
            Self::Interrupted { .. } | Self::InterruptedWaiting => 130,
            _ => 1,
        }
    }

    /// A stable word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Connect(_) => "connect",
            Self::Locked { .. } => "locked",
            Self::LockLost { .. } => "lock-lost",
            Self::Refused(_) | Self::Remote { .. } => "refused",
            Self::UnknownVersion { .. } => "unknown-version",
            Self::Ambiguous { .. } => "ambiguous-version",
            Self::NotApplied { .. } => "not-applied",
            Self::Failed(_) => "failed",
            Self::Interrupted { .. } | Self::InterruptedWaiting => "interrupted",
            Self::Pooler(_) => "pooler",
            Self::Unknown { .. } => "unknown-outcome",
            Self::ResumeAt { .. } => "resume-at",
            Self::Cut { .. } | Self::CutAtCommit { .. } => "connection-lost",
            Self::Backup(error) if error.is_interrupt() => "interrupted",
            Self::Backup(_) => "backup",
            Self::Plan(error) => error.code(),
            Self::Meanwhile { .. } => "changed-meanwhile",
            Self::Catalog(_) => "catalog",
            Self::Wipe { .. } => "wipe",
            Self::Books { .. } => "record",
        }
    }

    pub(super) fn books(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Books { doing, source }
    }
}

impl Help for RunnerError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Connect(error) => return error.help(),
            Self::Backup(error) => return error.help(),
            Self::Plan(error) => return error.help(),
            Self::Locked { holder, .. } => match holder {
                Some(holder) => format!(
                    "wait longer with `--lock-wait`, or, if nobody runs it any more, end its session: SELECT pg_terminate_backend({})",
                    holder.pid
                ),
                None => "run it again, or wait longer with `--lock-wait`".to_owned(),
            },
            Self::LockLost { .. } => {
                "run it again: nothing is committed without the lock, and it goes on where this run stopped"
                    .to_owned()
            }
            Self::Refused(refusals) => return refusals.iter().find_map(Help::help),
            Self::Remote { .. } => "name a local database, or add `--allow-remote`".to_owned(),
            Self::UnknownVersion { nearest, .. } if nearest.is_empty() => {
                "there are no migrations yet".to_owned()
            }
            Self::UnknownVersion { nearest, .. } => format!("the nearest are {}", names(nearest)),
            Self::Ambiguous { .. } => "give more of its version".to_owned(),
            Self::NotApplied { .. } => "`status` shows what is applied".to_owned(),
            Self::Failed(failure) => return failure.help(),
            Self::Interrupted { .. } => "run it again to go on".to_owned(),
            Self::InterruptedWaiting => return None,
            Self::Pooler(Pooled::Startup(_)) => {
                "connect to PostgreSQL itself (mostly port 5432), or through a pool in session mode that has the parameter among its `ignore_startup_parameters`".to_owned()
            }
            Self::Pooler(_) => {
                "connect to PostgreSQL itself (mostly port 5432), or through a pool in session mode".to_owned()
            }
            Self::Unknown {
                version,
                statement,
                next,
                ..
            } => format!(
                "look whether it took effect: if it did, run this again with `--resume-at {version}:{next}`, if it did not, with `--resume-at {version}:{statement}`"
            ),
            Self::ResumeAt { .. } => {
                "`--resume-at VERSION:N` names a migration of this run that is outside a transaction and one of its statements, or the number behind the last".to_owned()
            }
            Self::Cut { .. } | Self::CutAtCommit { .. } => {
                "run it again: it finds out what took effect, and goes on from there".to_owned()
            }
            Self::Meanwhile { .. } => "run it again".to_owned(),
            Self::Catalog(error) => return error.help(),
            Self::Wipe { sqlstate, .. } => match sqlstate.as_deref().unwrap_or_default() {
                "53200" => "all of it goes in one transaction: raise max_locks_per_transaction, or drop and create the database".to_owned(),
                _ => "nothing was dropped; connect as the owner of everything in it".to_owned(),
            },
            Self::Books { source, .. } if is_lost(source) => {
                "run it again: nothing is committed without the lock, and it goes on where this run stopped"
                    .to_owned()
            }
            Self::Books { source, .. } => match sqlstate(source).as_deref().unwrap_or_default() {
                "42501" => {
                    "the role needs to own or be granted the tables `seaql_migrations` and `seachange_history`, and to create them the first time"
                        .to_owned()
                }
                "3F000" => "create the schema first, or name another with `--database-schema`".to_owned(),
                _ => database_help(source),
            },
        })
    }
}

fn sqlstate(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

fn held_by(holder: Option<&Holder>) -> String {
    holder.map_or_else(String::new, |holder| format!(" ({holder})"))
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "process {} `{}` of role `{}`, connected for {} s",
            self.pid,
            self.application_name,
            self.user,
            self.age.as_secs()
        )
    }
}

fn of_backup(error: &BackupError) -> String {
    match error.is_interrupt() {
        true => "interrupted while the backup was made: nothing was done".to_owned(),
        false => format!("there is no backup, so nothing was done: {error}"),
    }
}

fn stands(rolled_back: RolledBack, left: usize) -> String {
    let what = match rolled_back {
        RolledBack::Yes => "it was rolled back".to_owned(),
        RolledBack::Journalled { statement, of } => format!(
            "it runs outside a transaction: {}, the next run goes on with statement {statement} of {of}",
            in_effect(statement)
        ),
        RolledBack::AtStatement(0) => {
            "it runs outside a transaction, so what it did stays in effect".to_owned()
        }
        RolledBack::AtStatement(n) => format!(
            "it runs outside a transaction and was at statement {n}, what came before stays in effect"
        ),
    };
    match left {
        1 => format!("{what}; it was the last one"),
        _ => format!("{what}; {left} remain with it"),
    }
}

fn outcome(committed: Option<bool>, direction: Direction) -> String {
    match committed {
        Some(true) => format!("it is {}", direction.done()),
        Some(false) => format!("it is not {}", direction.done()),
        None => format!("whether it is {} could not be asked", direction.done()),
    }
}

fn listed(refusals: &[Refusal]) -> String {
    refusals
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

fn names(versions: &[String]) -> String {
    versions
        .iter()
        .map(|version| format!("`{version}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
