//! The checks that need nothing but the migration folder.

use seachange::Help;
use seachange::migrations::{Folder, Problem};

use super::Check;

/// Every problem of the folder belongs to one of these, and each is listed also when it has none.
const NAMES: [&str; 5] = ["files", "registration", "lock chain", "edits", "branches"];

pub(super) fn checks(folder: &Folder) -> Vec<Check> {
    let problems = folder.problems();
    NAMES
        .into_iter()
        .map(|name| {
            let own: Vec<&Problem> = problems.iter().filter(|it| belongs(it) == name).collect();
            match own.first() {
                None => Check::ok(name),
                Some(first) => Check {
                    help: first.help(),
                    ..Check::failed(name, own.iter().map(ToString::to_string).collect())
                },
            }
        })
        .collect()
}

fn belongs(problem: &Problem) -> &'static str {
    match problem {
        Problem::Incomplete { .. } | Problem::Unreadable { .. } | Problem::Transaction { .. } => {
            "files"
        }
        Problem::Unregistered { .. }
        | Problem::NoFile { .. }
        | Problem::Order { .. }
        | Problem::Shape { .. } => "registration",
        Problem::Unlocked { .. }
        | Problem::Gone { .. }
        | Problem::BrokenChain { .. }
        | Problem::LockConflict { .. }
        | Problem::LockLine { .. } => "lock chain",
        Problem::Edited { .. } => "edits",
        Problem::Branches { .. } => "branches",
    }
}
