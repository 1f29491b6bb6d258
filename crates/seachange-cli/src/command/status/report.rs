//! What `status` found, as it is printed in JSON.

use seachange::Help;
use seachange::runner::State;
use serde::Serialize;

use crate::drift::Drift;
use crate::exit::Exit;
use crate::standing::Standing;
use crate::tables::Rows;
use crate::target::{Shown, Target};

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(in crate::command) struct Report {
    pub(super) target: Shown,
    pub(super) applied: usize,
    pub(super) pending: usize,
    pub(super) migrations: Vec<seachange::runner::Standing>,
    /// Records of another history, which a baseline has left where they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) kept: Vec<String>,
    /// What is wrong with the migration folder.
    pub(super) problems: Vec<Problem>,
    pub(super) tables: Vec<Rows>,
    /// The database against what it should be by its own account.
    pub(super) database: Compared,
    /// The migrations against the entities.
    pub(super) entities: Compared,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Problem {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// Two schemas beside each other, if both could be had.
#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum Compared {
    Known(Box<Drift>),
    Unknown { why: String },
}

impl Report {
    pub(super) fn new(
        target: &Target,
        standing: &Standing,
        tables: Vec<Rows>,
        database: Compared,
        entities: Compared,
    ) -> Self {
        let problems = standing.folder.problems();
        Self {
            target: target.shown(),
            applied: standing.status.applied(),
            pending: standing.status.pending(),
            migrations: standing.status.migrations.clone(),
            kept: standing.status.kept.clone(),
            problems: problems
                .iter()
                .map(|problem| Problem {
                    code: problem.code(),
                    message: problem.to_string(),
                    help: problem.help(),
                })
                .collect(),
            tables,
            database,
            entities,
        }
    }

    /// What `--exit-code` makes of it.
    pub(super) fn exit(&self) -> Exit {
        let odd = self
            .migrations
            .iter()
            .any(|one| one.edited || one.out_of_order || one.state != State::Applied);
        let compared = [&self.database, &self.entities];
        let differs = |one: &&Compared| matches!(one, Compared::Known(drift) if !drift.is_none());
        if odd || !self.problems.is_empty() || compared.iter().any(differs) {
            Exit::Different
        } else if compared
            .iter()
            .any(|one| matches!(one, Compared::Unknown { .. }))
        {
            Exit::Failed
        } else {
            Exit::Done
        }
    }
}
