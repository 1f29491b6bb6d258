//! Migrations that replace older ones: a database that ran all of those has run them, and its record is
//! brought up to that; one that ran some has to run the rest first, by the program that has them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;
use sqlx::Connection as _;

use super::adopt::{applied, moved};
use super::error::RunnerError;
use super::event::{Direction, Event};
use super::history::{self, Noted, Outcome};
use super::lock::Held;
use super::outside::Lines;
use super::program::{Known, Member, Program};
use super::record::{self, Record};
use super::run::Run;
use super::standing::{State, Status};
use crate::migrations::{Replaced, replaces};

/// How the note of a migration begins that was recorded because what it replaces was applied.
const NOTE: &str = "squashed: ";

/// Where a migration that replaces others stands with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Squash {
    /// All that it replaces is applied: the next run records it, and does not run it.
    Applied {
        /// The migrations that it stands for.
        replaces: Vec<String>,
        /// Those that were applied as something else than was folded.
        edited: Vec<String>,
    },
    /// Some of what it replaces is applied.
    Partly {
        /// Those that are not.
        missing: Vec<String>,
    },
    /// It is recorded so: it never ran here.
    Recorded,
}

impl Member {
    /// What was folded into it, by the header of its own SQL.
    async fn replaces(&self) -> Vec<Replaced> {
        match (&self.text, self.known(Direction::Up).await) {
            (Some(text), _) => replaces(text),
            (None, Known::Sql(file)) => replaces(&file.text),
            (None, Known::Rust | Known::Mismatch) => Vec::new(),
        }
    }
}

/// Looks for what was replaced among the records that the program knows nothing of.
pub(super) async fn recognize(
    status: &mut Status,
    program: &Program,
    records: &[Record],
    entries: &[history::Entry],
    journal: &Lines,
) {
    let recorded: BTreeSet<&str> = records.iter().map(|one| one.version.as_str()).collect();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut squashes: BTreeMap<&str, Squash> = BTreeMap::new();
    for member in &program.members {
        let replaced = member.replaces().await;
        if replaced.is_empty() {
            continue;
        }
        if recorded.contains(member.version.as_str()) {
            if was_recorded(&member.version, entries) {
                squashes.insert(&member.version, Squash::Recorded);
            }
            continue;
        }
        let halfway = |one: &Replaced| journal.keys().any(|(begun, _)| *begun == one.version);
        let is_recorded = |one: &Replaced| recorded.contains(one.version.as_str());
        if !replaced.iter().any(|one| is_recorded(one) || halfway(one)) {
            continue;
        }
        known.extend(replaced.iter().map(|one| one.version.clone()));
        let missing = replaced
            .iter()
            .filter(|one| !is_recorded(one) || halfway(one));
        let missing: Vec<String> = missing.map(|one| one.version.clone()).collect();
        let squash = match missing.is_empty() {
            false => Squash::Partly { missing },
            true => Squash::Applied {
                edited: edited(&replaced, entries),
                replaces: replaced.into_iter().map(|one| one.version).collect(),
            },
        };
        squashes.insert(&member.version, squash);
    }
    status
        .migrations
        .retain(|one| one.state != State::Missing || !known.contains(&one.version));
    for one in &mut status.migrations {
        one.squash = squashes.remove(one.version.as_str());
        // It is older than what came after those that it replaces, and no newcomer among them.
        one.out_of_order &= !matches!(one.squash, Some(Squash::Applied { .. }));
    }
}

/// Those whose last way up was with other files than were folded.
fn edited(replaced: &[Replaced], entries: &[history::Entry]) -> Vec<String> {
    let differs = |one: &&Replaced| {
        let last = entries.iter().rev().find(|entry| {
            entry.version == one.version
                && entry.direction == Direction::Up
                && entry.outcome == Outcome::Done
        });
        last.and_then(|entry| entry.hash.as_ref())
            .is_some_and(|hash| *hash != one.files)
    };
    let found = replaced.iter().filter(differs);
    found.map(|one| one.version.clone()).collect()
}

fn was_recorded(version: &str, entries: &[history::Entry]) -> bool {
    let mut of_it = entries
        .iter()
        .rev()
        .filter(|entry| entry.version == version);
    let last = of_it.find(|entry| entry.outcome == Outcome::Done);
    last.and_then(|entry| entry.note.as_ref())
        .is_some_and(|note| note.starts_with(NOTE))
}

/// Brings the record up to the migrations whose work is done: all of it in one transaction. Whether there
/// was any.
pub(super) async fn record(
    run: &mut Run<'_>,
    held: &Held,
    status: &Status,
) -> Result<bool, RunnerError> {
    let done = status
        .migrations
        .iter()
        .filter_map(|one| match &one.squash {
            Some(Squash::Applied { replaces, .. }) => Some((one.version.as_str(), replaces)),
            _ => None,
        });
    let done: Vec<(&str, &Vec<String>)> = done.collect();
    if done.is_empty() {
        return Ok(false);
    }
    let table = &run.program.table;
    let books = Arc::clone(&held.books);
    let mut books = books.lock().await;
    let mut transaction = books
        .begin()
        .await
        .map_err(RunnerError::books("beginning to record"))?;
    history::install_notes(&mut transaction).await?;
    for (version, replaced) in &done {
        let member = run.program.member(version);
        for line in record::read(&mut transaction, table).await? {
            if replaced.contains(&line.version) {
                let by = format!("`{version}`, which replaces it");
                moved(&mut transaction, table, &line, &by).await?;
            }
        }
        applied(&mut transaction, table, version).await?;
        let noted = Noted {
            version,
            direction: Direction::Up,
            entry: member.and_then(|member| member.entry.as_ref()),
            note: format!(
                "{NOTE}recorded, not run: the {} migrations that it replaces were applied",
                replaced.len()
            ),
        };
        history::write_noted(&mut transaction, &noted).await?;
    }
    transaction
        .commit()
        .await
        .map_err(RunnerError::books("committing the record"))?;
    drop(books);
    for (version, replaced) in done {
        run.tell(Event::Note(format!(
            "recorded `{version}` as applied: the {} migrations that it replaces are",
            replaced.len()
        )));
    }
    Ok(true)
}

impl std::fmt::Display for Squash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Applied { replaces, .. } => write!(
                f,
                "applied as the {} migrations that it replaces; the next run records it",
                replaces.len()
            ),
            Self::Partly { missing } => write!(
                f,
                "of what it replaces, `{}` is not applied",
                missing.join("`, `")
            ),
            Self::Recorded => f.write_str("what it replaces ran here"),
        }
    }
}
