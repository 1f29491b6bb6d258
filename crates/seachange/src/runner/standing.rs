//! Where a database stands: the program, the record and the history put side by side. Pure, so that
//! every odd combination can be tested without a database.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::event::Direction;
use super::history::{self, Outcome};
use super::outside::{Halfway, Lines};
use super::plan::Applied;
use super::program::Program;
use super::record::Record;
use super::squash::Squash;
use crate::migrations::Problem;

/// What `status` shows.
#[derive(Clone, Debug)]
pub struct Status {
    /// In the order of the program; those that it does not know come last.
    pub migrations: Vec<Standing>,
    /// What is wrong with the lock.
    pub problems: Vec<Problem>,
    /// Records of another history, which a baseline has left where they are.
    pub kept: Vec<String>,
}

/// Where one migration stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Standing {
    /// The migration's name.
    pub version: String,
    /// Applied or pending.
    pub state: State,
    /// It is not what was applied.
    pub edited: bool,
    /// Not applied, though a later one is.
    pub out_of_order: bool,
    /// Pending, and held back until no code needs what it takes away.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub contract: bool,
    /// By SeaORM's record.
    pub applied_at: Option<DateTime<Utc>>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<u64>,
    /// The role that applied it, where that was recorded.
    pub executed_by: Option<String>,
    /// The last try, when it did not succeed.
    pub failure: Option<FailedTry>,
    /// Outside a transaction, it is between two of its statements or in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub halfway: Option<Halfway>,
    /// Where it stands with the migrations that it replaces, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub squash: Option<Squash>,
}

/// A try that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct FailedTry {
    /// Up, or back again.
    pub direction: Direction,
    /// When it ended.
    pub at: DateTime<Utc>,
    /// The statement that it reached, outside a transaction.
    pub statement: Option<u32>,
    /// None when its runner did not live to say.
    pub error: Option<String>,
}

/// Applied or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is in SeaORM's record.
    Applied,
    /// It is not.
    #[default]
    Pending,
    /// Applied, but not in the program.
    Missing,
}

impl Standing {
    /// Whether the database has what it makes, recorded so or not.
    pub fn is_in_effect(&self) -> bool {
        self.state != State::Pending || matches!(self.squash, Some(Squash::Applied { .. }))
    }

    /// What there is to say of it besides when it was applied, a fragment each.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for (is_so, words) in [
            (self.edited, "edited after it was applied"),
            (self.out_of_order, "out of order: a later one is applied"),
            (self.contract, "held back until `migrate --contract`"),
            (
                self.state == State::Missing,
                "applied, but its files are not here",
            ),
        ] {
            notes.extend(is_so.then(|| words.to_owned()));
        }
        notes.extend(self.squash.as_ref().map(Squash::to_string));
        if let Some(halfway) = &self.halfway {
            notes.push(halfway.to_string());
        } else if let Some(failure) = &self.failure {
            let error = failure.error.as_deref().unwrap_or("its runner was ended");
            let first = error.lines().next().unwrap_or_default();
            notes.push(format!("the last try failed: {first}"));
        }
        notes
    }
}

impl State {
    /// As it is shown: `applied`, `pending`, `missing`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::Missing => "missing",
        }
    }
}

impl Status {
    /// How many are pending.
    pub fn pending(&self) -> usize {
        self.count(State::Pending)
    }

    /// How many are applied, of those that the program has.
    pub fn applied(&self) -> usize {
        self.count(State::Applied)
    }

    fn count(&self, state: State) -> usize {
        self.migrations
            .iter()
            .filter(|one| one.state == state)
            .count()
    }

    pub(super) fn of(&self, version: &str) -> Option<&Standing> {
        self.migrations.iter().find(|one| one.version == version)
    }
}

/// Puts the three side by side.
pub(super) fn compare(
    program: &Program,
    records: &[Record],
    history: &[history::Entry],
    journal: &Lines,
) -> Status {
    let records: BTreeMap<&str, &Record> = records
        .iter()
        .map(|record| (record.version.as_str(), record))
        .collect();
    let newest_applied = program
        .members
        .iter()
        .rposition(|member| records.contains_key(member.version.as_str()));

    let mut migrations = Vec::new();
    for (place, member) in program.members.iter().enumerate() {
        let record = records.get(member.version.as_str()).copied();
        let mut standing = standing(&member.version, record, history);
        let applied = record.and_then(|record| how_applied(record, history));
        let hash = applied.and_then(|entry| entry.hash.as_ref());
        standing.edited = match (hash, &member.entry) {
            (Some(applied), Some(locked)) => *applied != locked.files,
            // Applied by SeaORM's runner, or never locked: there is nothing to compare.
            _ => false,
        };
        standing.out_of_order =
            record.is_none() && newest_applied.is_some_and(|newest| place < newest);
        migrations.push(standing);
    }
    let mut kept = Vec::new();
    for (version, record) in records {
        if program.member(version).is_none() {
            let last = history.iter().rev().find(|entry| entry.version == version);
            if last.is_some_and(|entry| entry.note.as_deref() == Some(history::KEPT)) {
                kept.push(version.to_owned());
                continue;
            }
            let mut standing = standing(version, Some(record), history);
            standing.state = State::Missing;
            migrations.push(standing);
        }
    }
    for standing in &mut migrations {
        standing.halfway = [Direction::Up, Direction::Down]
            .into_iter()
            .find_map(|direction| {
                let lines = journal.get(&(standing.version.clone(), direction))?;
                Halfway::of(direction, lines)
            });
    }
    Status {
        migrations,
        problems: program.lock_problems.clone(),
        kept,
    }
}

fn standing(version: &str, record: Option<&Record>, history: &[history::Entry]) -> Standing {
    let entry = record.and_then(|record| how_applied(record, history));
    let last = history.iter().rev().find(|entry| entry.version == version);
    let positive = |number: i64| u64::try_from(number).ok();
    Standing {
        version: version.to_owned(),
        state: match record {
            Some(_) => State::Applied,
            None => State::Pending,
        },
        edited: false,
        out_of_order: false,
        contract: false,
        applied_at: record.map(|record| record.applied_at),
        duration_ms: entry.and_then(|entry| entry.duration_ms).and_then(positive),
        executed_by: entry.map(|entry| entry.executed_by.clone()),
        failure: last
            .filter(|entry| entry.outcome != Outcome::Done)
            .map(|entry| FailedTry {
                direction: entry.direction,
                at: entry.started_at,
                statement: entry
                    .statement
                    .and_then(|number| u32::try_from(number).ok()),
                error: entry.error.clone(),
            }),
        halfway: None,
        squash: None,
    }
}

/// What is applied, with the hashes that it was applied with.
pub(super) fn applied(records: &[Record], history: &[history::Entry]) -> Vec<Applied> {
    let mut applied: Vec<Applied> = records
        .iter()
        .map(|record| Applied {
            version: record.version.clone(),
            hash: how_applied(record, history).and_then(|entry| entry.hash.clone()),
        })
        .collect();
    applied.sort();
    applied
}

/// The row of history that made this record. SeaORM's runner writes none, so the last row may be about
/// an earlier time: it counts only when the record was made while it ran.
fn how_applied<'a>(record: &Record, history: &'a [history::Entry]) -> Option<&'a history::Entry> {
    let entry = history.iter().rev().find(|entry| {
        entry.version == record.version
            && entry.direction == Direction::Up
            && entry.outcome == Outcome::Done
    })?;
    let slack = TimeDelta::seconds(1);
    let finished = entry.finished_at?;
    let during =
        entry.started_at - slack <= record.applied_at && record.applied_at <= finished + slack;
    during.then_some(entry)
}

#[cfg(test)]
mod tests;
