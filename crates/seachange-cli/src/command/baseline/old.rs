//! Records of migrations that the folder does not have: another tool's, or of files that are gone.

use seachange::runner::{OldHistory, State, Status};

use super::Args;
use crate::failure::Failure;

/// Those records, and what becomes of them.
pub(super) struct Old {
    pub(super) strangers: Vec<String>,
    pub(super) choice: OldHistory,
}

impl Old {
    /// What nobody has decided yet is refused.
    pub(super) fn of(status: &Status, args: &Args) -> Result<Self, Failure> {
        let missing = status
            .migrations
            .iter()
            .filter(|one| one.state == State::Missing);
        let mut strangers: Vec<String> = missing.map(|one| one.version.clone()).collect();
        let choice = match (args.replace_history, args.keep_history) {
            (true, _) => {
                // Those that were kept before are moved now.
                strangers.extend(status.kept.iter().cloned());
                OldHistory::Replaced
            }
            (false, true) => OldHistory::Kept,
            (false, false) if strangers.is_empty() => OldHistory::Kept,
            (false, false) => return Err(undecided(strangers)),
        };
        Ok(Self { strangers, choice })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.strangers.is_empty()
    }
}

fn undecided(strangers: Vec<String>) -> Failure {
    let number = strangers.len();
    let failure = Failure::refused(
        format!(
            "`seaql_migrations` has {number} {} of migrations that are not in the folder",
            match number {
                1 => "record",
                _ => "records",
            }
        ),
        vec!["--replace-history".to_owned()],
    );
    Failure {
        causes: strangers,
        ..failure
    }
    .help(
        "`--replace-history` moves them into `seachange_history`; `--keep-history` leaves them for a \
         program that still runs them, and has ours pass over them",
    )
}
