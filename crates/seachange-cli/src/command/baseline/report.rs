//! What a baseline did, or would do.

use seachange::runner::OldHistory;
use serde::Serialize;

use super::old::Old;
use crate::context::Context;
use crate::failure::Failure;
use crate::target::{Shown, Target};

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(in crate::command) struct Report {
    target: Shown,
    pub(super) outcome: Outcome,
    /// The version that the database stands at, where the folder had migrations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stands_at: Option<String>,
    /// Files of a first migration.
    pub(super) written: Vec<String>,
    /// What a dry run would write.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) up_sql: String,
    /// Migrations that are recorded as applied.
    pub(super) recorded: Vec<String>,
    /// Records of other migrations that are passed over from now on.
    kept: Vec<String>,
    /// Those that are lines of `seachange_history` now.
    replaced: Vec<String>,
    /// How many differences were allowed.
    pub(super) differences: usize,
    /// And how many `seachange.toml` overlooks.
    pub(super) ignored: usize,
    #[serde(skip)]
    pub(super) proven: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Recorded,
    WouldBe,
    Nothing,
}

impl Report {
    pub(super) fn new(target: &Target, old: &Old) -> Self {
        let (kept, replaced) = match old.choice {
            OldHistory::Kept => (old.strangers.clone(), Vec::new()),
            OldHistory::Replaced => (Vec::new(), old.strangers.clone()),
        };
        Self {
            target: target.shown(),
            outcome: Outcome::Recorded,
            stands_at: None,
            written: Vec::new(),
            up_sql: String::new(),
            recorded: Vec::new(),
            kept,
            replaced,
            differences: 0,
            ignored: 0,
            proven: false,
        }
    }

    pub(super) fn print(&self, context: &Context) -> Result<(), Failure> {
        let terminal = &context.terminal;
        if terminal.is_json() {
            return terminal.json(self);
        }
        if self.outcome == Outcome::Nothing {
            let version = self.stands_at.as_deref().unwrap_or_default();
            terminal.note(format!(
                "nothing to do: the record goes up to `{version}` already"
            ));
            return Ok(());
        }
        let mut text = self.up_sql.clone();
        let would = match self.outcome {
            Outcome::WouldBe => "would be ",
            _ => "",
        };
        for (versions, how) in [
            (&self.written, "wrote"),
            (&self.recorded, "recorded as applied:"),
            (&self.kept, "passed over from now on:"),
            (&self.replaced, "moved into seachange_history:"),
        ] {
            let comment = if self.up_sql.is_empty() { "" } else { "-- " };
            for version in versions {
                text.push_str(&format!("{comment}{would}{how} {version}\n"));
            }
        }
        terminal.result(&text)?;
        if self.proven {
            terminal.note("proven on a scratch database: up, down and up again");
        }
        if self.differences > 0 {
            terminal.note(format!(
                "{} differences stay: `check --drift` shows them",
                self.differences
            ));
        }
        if self.ignored > 0 {
            terminal.note(format!(
                "{} differences ignored by seachange.toml",
                self.ignored
            ));
        }
        Ok(())
    }
}
