//! What can be wrong with a migration folder, as values: all of it is collected, nothing is fatal.

use std::fmt;
use std::path::PathBuf;

use crate::error::Help;
use crate::migrations::NO_TRANSACTION;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The files are not those that were locked.
    Edited {
        /// The migration's name.
        version: String,
        /// Those that differ.
        files: Vec<String>,
    },
    /// A migration that the lock does not know.
    Unlocked {
        /// The migration's name.
        version: String,
    },
    /// The lock knows a migration whose `.rs` is not there.
    Gone {
        /// The migration's name.
        version: String,
    },
    /// A migration that `lib.rs` does not list.
    Unregistered {
        /// The migration's name.
        version: String,
    },
    /// `lib.rs` lists a migration that is not there.
    NoFile {
        /// The migration's name.
        version: String,
    },
    /// `lib.rs` lists a later version before an earlier one.
    Order {
        /// The migration's name.
        version: String,
        /// The one that it is listed after.
        before: String,
    },
    /// Several migrations were added to one parent, on different branches; `None` is the very start.
    Branches {
        /// The migration that they all follow.
        parent: Option<String>,
        /// Their names, in order.
        versions: Vec<String>,
    },
    /// An entry's parent is none of the entries before it.
    BrokenChain {
        /// The migration's name.
        version: String,
    },
    /// The lock still holds the marks of a merge conflict.
    LockConflict {
        /// From 1.
        line: usize,
    },
    /// A line of the lock that makes no sense.
    LockLine {
        /// From 1.
        line: usize,
        /// Why, as a fragment.
        why: String,
    },
    /// A folder of SQL without an `.rs`, or an `.rs` that names a file which is not there.
    Incomplete {
        /// The migration's name.
        version: String,
        /// What is not there.
        missing: PathBuf,
    },
    /// The SQL asks to run outside a transaction, but the `.rs` does not say so to SeaORM, or the other
    /// way round.
    Transaction {
        /// The migration's name.
        version: String,
    },
    /// A file that can't be read.
    Unreadable {
        /// Of the file, as messages show it.
        path: PathBuf,
        /// Why, as a fragment.
        why: String,
    },
    /// `lib.rs` is not of the shape that SeaORM gives it.
    Shape {
        /// Of the file, as messages show it.
        path: PathBuf,
        /// Why, as a fragment.
        why: String,
    },
}

impl Problem {
    /// A stable word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Edited { .. } => "edited",
            Self::Unlocked { .. } => "unlocked",
            Self::Gone { .. } => "gone",
            Self::Unregistered { .. } => "unregistered",
            Self::NoFile { .. } => "no-file",
            Self::Order { .. } => "order",
            Self::Branches { .. } => "branches",
            Self::BrokenChain { .. } => "broken-chain",
            Self::LockConflict { .. } => "lock-conflict",
            Self::LockLine { .. } => "lock-line",
            Self::Incomplete { .. } => "incomplete",
            Self::Transaction { .. } => "transaction",
            Self::Unreadable { .. } => "unreadable",
            Self::Shape { .. } => "shape",
        }
    }

    /// Whether a new migration can still be put behind the last one. A migration that was edited
    /// stays where it is in the chain; a chain with two ends has no last one.
    pub fn stops_writing(&self) -> bool {
        !matches!(
            self,
            Self::Edited { .. } | Self::Order { .. } | Self::Transaction { .. }
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited { version, files } => write!(
                f,
                "`{version}` was edited after it was locked ({})",
                files.join(", ")
            ),
            Self::Unlocked { version } => write!(f, "`{version}` is not in `seachange.lock`"),
            Self::Gone { version } => {
                write!(
                    f,
                    "`{version}` is in `seachange.lock`, but its files are gone"
                )
            }
            Self::Unregistered { version } => write!(f, "`{version}` is not listed in `lib.rs`"),
            Self::NoFile { version } => {
                write!(f, "`lib.rs` lists `{version}`, but there is no such file")
            }
            Self::Order { version, before } => {
                write!(f, "`lib.rs` lists `{version}` before the older `{before}`")
            }
            Self::Branches { parent, versions } => {
                let names: Vec<_> = versions.iter().map(|v| format!("`{v}`")).collect();
                let parent = parent.as_deref().unwrap_or("the empty database");
                write!(
                    f,
                    "{} were written on different branches: both follow `{parent}`",
                    names.join(" and ")
                )
            }
            Self::BrokenChain { version } => write!(
                f,
                "the chain of `seachange.lock` is broken at `{version}`: what came before it is not what it was written after"
            ),
            Self::LockConflict { line } => {
                write!(f, "`seachange.lock` holds a merge conflict at line {line}")
            }
            Self::LockLine { line, why } => write!(f, "`seachange.lock` line {line}: {why}"),
            Self::Incomplete { version, missing } => {
                write!(f, "`{version}` lacks `{}`", missing.display())
            }
            Self::Transaction { version } => write!(
                f,
                "`{version}.rs` and its SQL do not agree on whether it runs in a transaction"
            ),
            Self::Unreadable { path, why } => {
                write!(f, "`{}` can't be read: {why}", path.display())
            }
            Self::Shape { path, why } => write!(f, "`{}`: {why}", path.display()),
        }
    }
}

impl Help for Problem {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Edited { .. } => {
                "undo the edit, or, as long as no database has it, lock it anew by `cargo xtask db rebase`; where it is applied, write another migration".to_owned()
            }
            Self::Unlocked { .. } => "once the folder's migrations are as they should be, `cargo xtask db rebase` locks it".to_owned(),
            Self::Gone { version } => format!(
                "bring `{version}` back from version control, or, if no database has it, lock the folder without it by `cargo xtask db rebase`"
            ),
            Self::Unregistered { version } => format!(
                "add `mod {version};` and `Box::new({version}::Migration),` to `lib.rs`"
            ),
            Self::NoFile { version } => format!(
                "bring `{version}` back from version control, or take it out of `lib.rs`"
            ),
            Self::Order { .. } => "list them in the order of their versions".to_owned(),
            Self::Branches { .. } | Self::BrokenChain { .. } => {
                "`cargo xtask db rebase` puts the one that is not applied anywhere yet behind the other".to_owned()
            }
            Self::LockConflict { .. } => "keep the lines of both sides, then run `check`".to_owned(),
            Self::LockLine { .. } => "bring the lock back from version control, or lock the folder anew by `cargo xtask db rebase`".to_owned(),
            Self::Incomplete { missing, .. } => format!(
                "write `{}`, or remove the migration from folder and `lib.rs`", missing.display()
            ),
            Self::Transaction { .. } => format!(
                "let `fn use_transaction(&self) -> Option<bool>` in the `.rs` return `Some(false)` exactly when `up.sql` or `down.sql` has the line `{NO_TRANSACTION}`; `generate --empty --no-transaction` writes both"
            ),
            Self::Unreadable { .. } => "look at its permissions and that it is UTF-8".to_owned(),
            Self::Shape { .. } => {
                "it should hold an `impl MigratorTrait` whose `migrations` is one `vec![…]` of `Box::new(…::Migration)`".to_owned()
            }
        })
    }
}
