//! What keeps a run from beginning, and with what consent it would begin nevertheless.

use std::fmt;

use super::ability::Ability;
use super::event::Direction;
use super::program::{Known, Program};
use super::run::{Allow, Settings};
use super::squash::Squash;
use super::standing::{State, Status};
use crate::error::Help;
use crate::migrations::Problem;

/// One reason not to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is applied, but the program does not have it.
    Missing {
        /// The migration's name.
        version: String,
    },
    /// It is applied, but as something else than it is now.
    Edited {
        /// The migration's name.
        version: String,
    },
    /// It is older than one that is applied.
    OutOfOrder {
        /// The migration's name.
        version: String,
        /// The last that is applied.
        newest: String,
    },
    /// The program has something else than what was locked.
    NotAsLocked {
        /// The migration's name.
        version: String,
    },
    /// The lock has it, the program does not.
    NotListed {
        /// The migration's name.
        version: String,
    },
    /// It stands half-way outside a transaction, and this run would not go on with it.
    HalfDone {
        /// The migration's name.
        version: String,
        /// Up, or back again.
        direction: Direction,
    },
    /// It is held back, and so is what comes behind it.
    Held {
        /// The migration's name.
        version: String,
        /// The migration that it comes behind; none for the one that is held back itself.
        behind: Option<String>,
    },
    /// It stands half-way, and a statement that an earlier run did is another one now.
    Changed {
        /// The migration's name.
        version: String,
        /// The one that differs, from 1.
        statement: u32,
    },
    /// It replaces others, of which only some are applied.
    PartlyReplaced {
        /// The migration's name.
        version: String,
        /// Those that are not applied.
        missing: Vec<String>,
    },
    /// What it replaces ran here, step by step; its own way back would drop all of it at once.
    Squashed {
        /// The migration's name.
        version: String,
    },
    /// The server can't do what the run, or this migration, needs.
    Lacks {
        /// What it can't do.
        ability: Ability,
        /// The migration's name.
        version: Option<String>,
    },
    /// The lock itself is not in order.
    Lock(Problem),
}

impl Refusal {
    /// A stable word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::Edited { .. } => "edited",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::NotAsLocked { .. } => "not-as-locked",
            Self::NotListed { .. } => "not-listed",
            Self::HalfDone { .. } => "half-done",
            Self::Held { .. } => "held-back",
            Self::Changed { .. } => "changed-half-way",
            Self::PartlyReplaced { .. } => "partly-replaced",
            Self::Squashed { .. } => "squashed",
            Self::Lacks { .. } => "server-lacks",
            Self::Lock(problem) => problem.code(),
        }
    }

    /// The migration that it is about, if it is about one.
    pub fn version(&self) -> Option<&str> {
        match self {
            Self::Missing { version }
            | Self::Edited { version }
            | Self::OutOfOrder { version, .. }
            | Self::NotAsLocked { version }
            | Self::NotListed { version }
            | Self::HalfDone { version, .. }
            | Self::Held { version, .. }
            | Self::Changed { version, .. }
            | Self::PartlyReplaced { version, .. }
            | Self::Squashed { version } => Some(version),
            Self::Lacks { version, .. } => version.as_deref(),
            Self::Lock(_) => None,
        }
    }

    /// The flag that would answer it, if one does.
    pub fn flag(&self) -> Option<&'static str> {
        self.answer().map(Allow::flag)
    }

    fn answer(&self) -> Option<Allow> {
        match self {
            Self::Edited { .. } => Some(Allow::Edited),
            Self::HalfDone { .. } => Some(Allow::HalfDone),
            Self::Held { .. } => Some(Allow::Contract),
            Self::Lacks {
                ability: Ability::AdvisoryLocks,
                ..
            } => Some(Allow::NoLock),
            Self::OutOfOrder { .. } | Self::Lock(Problem::Branches { .. }) => {
                Some(Allow::OutOfOrder)
            }
            _ => None,
        }
    }
}

impl Allow {
    pub(super) const ALL: [Self; 6] = [
        Self::OutOfOrder,
        Self::Edited,
        Self::HalfDone,
        Self::Contract,
        Self::Remote,
        Self::NoLock,
    ];

    pub(super) fn flag(self) -> &'static str {
        match self {
            Self::OutOfOrder => "--allow-out-of-order",
            Self::Edited => "--allow-edited",
            Self::HalfDone => "--allow-half-done",
            Self::Contract => "--contract",
            Self::Remote => "--allow-remote",
            Self::NoLock => "--allow-no-lock",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { version } => write!(
                f,
                "`{version}` is applied to this database, but missing in this program"
            ),
            Self::Edited { version } => write!(f, "`{version}` was edited after it was applied"),
            Self::OutOfOrder { version, newest } => write!(
                f,
                "`{version}` is out of order: the later `{newest}` is applied already"
            ),
            Self::NotAsLocked { version } => write!(
                f,
                "`{version}` in this program is not what `seachange.lock` has locked"
            ),
            Self::NotListed { version } => write!(
                f,
                "`{version}` is in `seachange.lock`, but this program does not have it"
            ),
            Self::HalfDone { version, direction } => write!(
                f,
                "`{version}` stands half-way {direction}, outside a transaction, and this run would not go on with it"
            ),
            Self::Held {
                version,
                behind: None,
            } => write!(
                f,
                "`{version}` takes away what running code may need, and is held back"
            ),
            Self::Held {
                version,
                behind: Some(behind),
            } => write!(
                f,
                "`{behind}` comes behind `{version}`, which takes away what running code may need, and is held back"
            ),
            Self::Changed { version, statement } => write!(
                f,
                "`{version}` stands half-way, and its statement {statement} is not the one that an earlier run carried out"
            ),
            Self::PartlyReplaced { version, missing } => write!(
                f,
                "`{version}` replaces migrations of which this database has some: `{}` {} not applied",
                missing.join("`, `"),
                if missing.len() == 1 { "is" } else { "are" }
            ),
            Self::Squashed { version } => write!(
                f,
                "the migrations that `{version}` replaces ran here one by one: its own way back would drop all of it at once"
            ),
            Self::Lacks {
                ability,
                version: None,
            } => {
                let follows = ability.follows().unwrap_or("it can't be done without");
                write!(f, "this server {}: {follows}", ability.lacked())
            }
            Self::Lacks {
                ability,
                version: Some(version),
            } => write!(
                f,
                "`{version}` can't run here: this server {}",
                ability.lacked()
            ),
            Self::Lock(problem) => problem.fmt(f),
        }
    }
}

impl Help for Refusal {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Missing { version } => format!(
                "bring `{version}` back from version control, or run the version of the program that has it"
            ),
            Self::Edited { version } => format!(
                "undo the edit and write another migration for what should change; `--allow-edited` goes on and leaves `{version}` as it was applied"
            ),
            Self::OutOfOrder { version, .. } => format!(
                "`cargo xtask db rebase` gives `{version}` a place behind the others; `--allow-out-of-order` applies it as it is"
            ),
            Self::NotAsLocked { .. } => {
                "undo the edit, or lock it anew by `cargo xtask db rebase` if no database has it yet; then build again"
                    .to_owned()
            }
            Self::NotListed { version } => format!(
                "add `mod {version};` and `Box::new({version}::Migration),` to `lib.rs`, or lock the folder without it by `cargo xtask db rebase`"
            ),
            Self::HalfDone { version, direction } => format!(
                "run `{direction}` first, which goes on with `{version}`; `--allow-half-done` leaves it as it is"
            ),
            Self::Held { version, behind } => match behind {
                None => "`--contract` applies it, when no code of before runs any more".to_owned(),
                Some(_) => format!(
                    "`--contract` applies both, when no code of before runs any more; `--to` stops before `{version}`"
                ),
            },
            Self::Changed { version, statement } => format!(
                "undo the edit: only what was not carried out yet may change; or say with `--resume-at {version}:N` which statement is next (the one in question was {statement})"
            ),
            Self::PartlyReplaced { .. } => {
                "apply the rest with the earlier release first, the one that still has them; then run this again".to_owned()
            }
            Self::Squashed { .. } => {
                "roll back to it at most; on a local database, `fresh` drops everything and begins anew"
                    .to_owned()
            }
            Self::Lacks { ability, .. } => match ability {
                Ability::AdvisoryLocks => {
                    "if nobody else can be migrating it: `--allow-no-lock`".to_owned()
                }
                Ability::ConcurrentIndexes => {
                    "write another migration for this server, with plain indexes, or migrate it with a program of its own".to_owned()
                }
                _ => "write it in SQL, without BEGIN and COMMIT: its statements are then carried out one by one".to_owned(),
            },
            Self::Lock(problem) => match (problem.help(), self.flag()) {
                (Some(help), Some(flag)) => {
                    format!("{help}; `{flag}` applies them in the order of `lib.rs`")
                }
                (help, _) => return help,
            },
        })
    }
}

/// What stands against going this way with these versions.
pub(super) async fn refusals(
    program: &Program,
    status: &Status,
    selected: &[&str],
    direction: Direction,
    settings: &Settings,
) -> Vec<Refusal> {
    let mut found = Vec::new();
    for standing in &status.migrations {
        let version = standing.version.clone();
        let going_back = direction == Direction::Down;
        match standing.state {
            State::Missing => found.push(Refusal::Missing { version }),
            // On the way back only the way back of this one matters.
            State::Applied if standing.edited => {
                if !going_back || selected.contains(&standing.version.as_str()) {
                    found.push(Refusal::Edited { version });
                }
            }
            State::Applied | State::Pending => {}
        }
        let version = standing.version.clone();
        match &standing.squash {
            Some(Squash::Partly { missing }) => found.push(Refusal::PartlyReplaced {
                version,
                missing: missing.clone(),
            }),
            Some(Squash::Applied { edited, .. }) => {
                let edited = edited.iter().cloned();
                found.extend(edited.map(|version| Refusal::Edited { version }));
            }
            Some(Squash::Recorded) if going_back && selected.contains(&version.as_str()) => {
                found.push(Refusal::Squashed { version });
            }
            _ => {}
        }
    }
    if direction == Direction::Up {
        found.extend(refusals_up(program, status, selected));
    }
    for version in selected {
        if let Some(member) = program.member(version)
            && matches!(member.known(direction).await, Known::Mismatch)
        {
            found.push(Refusal::NotAsLocked {
                version: member.version.clone(),
            });
        }
    }
    found.retain(|refusal| !refusal.answer().is_some_and(|what| settings.allows(what)));
    found
}

fn refusals_up(program: &Program, status: &Status, selected: &[&str]) -> Vec<Refusal> {
    let mut found = Vec::new();
    for problem in &program.lock_problems {
        // Two branches that are both applied are the past; there is nothing left to decide.
        let matters = match problem {
            Problem::Branches { versions, .. } => versions
                .iter()
                .any(|version| selected.contains(&version.as_str())),
            _ => !selected.is_empty(),
        };
        if matters {
            found.push(Refusal::Lock(problem.clone()));
        }
    }
    for entry in &program.lock.entries {
        if program.member(&entry.version).is_none() && status.of(&entry.version).is_none() {
            found.push(Refusal::NotListed {
                version: entry.version.clone(),
            });
        }
    }
    let newest = status
        .migrations
        .iter()
        .rev()
        .find(|standing| standing.state == State::Applied);
    for standing in &status.migrations {
        if standing.out_of_order
            && selected.contains(&standing.version.as_str())
            && let Some(newest) = newest
        {
            found.push(Refusal::OutOfOrder {
                version: standing.version.clone(),
                newest: newest.version.clone(),
            });
        }
    }
    found
}
