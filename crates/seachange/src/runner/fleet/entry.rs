//! What became of each target, and of all of them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::list::Listed;
use super::pace::Stopped;
use crate::error::Help as _;
use crate::runner::error::RunnerError;
use crate::runner::event::Done;
use crate::runner::report::ErrorReport;
use crate::runner::standing::{State, Status};

/// One target.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(in crate::runner) struct Entry {
    pub(in crate::runner) name: String,
    /// The URL without its password.
    pub(in crate::runner) target: String,
    pub(in crate::runner) schema: String,
    pub(in crate::runner) canary: bool,
    pub(in crate::runner) outcome: Outcome,
    pub(in crate::runner) duration_ms: u64,
    /// Also what was done before an error.
    pub(in crate::runner) done: Vec<Done>,
    /// Only for a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::runner) planned: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::runner) status: Option<Counts>,
    pub(in crate::runner) error: Option<ErrorReport>,
    /// The error in full, and what to do.
    #[serde(skip)]
    pub(in crate::runner) told: Option<(String, Option<String>)>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(in crate::runner) enum Outcome {
    Done,
    /// There was nothing to do.
    Nothing,
    Failed,
    Interrupted,
    NotBegun,
}

/// Where a target stands, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(in crate::runner) struct Counts {
    pub(in crate::runner) applied: usize,
    pub(in crate::runner) pending: usize,
    /// Applied, and not in the program.
    pub(in crate::runner) missing: usize,
    pub(in crate::runner) edited: usize,
    pub(in crate::runner) half_way: usize,
}

/// All of them.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(in crate::runner) struct Summary {
    pub(in crate::runner) targets: usize,
    pub(in crate::runner) done: usize,
    pub(in crate::runner) nothing: usize,
    pub(in crate::runner) failed: usize,
    pub(in crate::runner) interrupted: usize,
    pub(in crate::runner) not_begun: usize,
    pub(in crate::runner) stopped: Option<Stopped>,
}

impl Entry {
    pub(super) fn not_begun(listed: &Listed) -> Self {
        Self {
            name: listed.name.clone(),
            target: listed.target.shown(),
            schema: listed.target.schema.clone(),
            canary: listed.canary,
            outcome: Outcome::NotBegun,
            duration_ms: 0,
            done: Vec::new(),
            planned: None,
            status: None,
            error: None,
            told: None,
        }
    }

    pub(super) fn fail(&mut self, error: &RunnerError) {
        self.outcome = match error.exit_code() {
            130 => Outcome::Interrupted,
            _ => Outcome::Failed,
        };
        self.error = Some(ErrorReport::of(error));
        self.told = Some((error.to_string(), error.help()));
    }
}

impl Counts {
    pub(super) fn of(status: &Status) -> Self {
        let count = |is: &dyn Fn(&crate::runner::standing::Standing) -> bool| {
            status.migrations.iter().filter(|one| is(one)).count()
        };
        Self {
            applied: status.applied(),
            pending: status.pending(),
            missing: count(&|one| one.state == State::Missing),
            edited: count(&|one| one.edited),
            half_way: count(&|one| one.halfway.is_some()),
        }
    }
}

impl Summary {
    pub(in crate::runner) fn of(entries: &[Entry], stopped: Option<Stopped>) -> Self {
        let mut counts = BTreeMap::new();
        for entry in entries {
            *counts.entry(entry.outcome).or_insert(0) += 1;
        }
        let count = |outcome| counts.get(&outcome).copied().unwrap_or(0);
        Self {
            targets: entries.len(),
            done: count(Outcome::Done),
            nothing: count(Outcome::Nothing),
            failed: count(Outcome::Failed),
            interrupted: count(Outcome::Interrupted),
            not_begun: count(Outcome::NotBegun),
            stopped,
        }
    }

    /// 0 only when all are done.
    pub(in crate::runner) fn exit_code(&self) -> u8 {
        match self {
            Self {
                stopped: Some(Stopped::Interrupted),
                ..
            } => 130,
            summary if summary.interrupted > 0 => 130,
            summary if summary.failed + summary.not_begun > 0 => 1,
            _ => 0,
        }
    }
}
