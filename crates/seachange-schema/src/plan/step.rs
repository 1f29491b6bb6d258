//! One step of a plan: an object, what is done to it, and the exact SQL.

use serde::Serialize;

use super::hazard::{Hazard, HazardCode, Risk};
use crate::impact::Impact;
use crate::model::ObjectId;
use crate::rename::Rename;
use crate::render::Work;

/// What a step does to its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// It is new.
    Create,
    /// It stays, and is another.
    Alter,
    /// It keeps what it holds, and gets another name.
    Rename,
    /// It goes.
    Drop,
}

impl Verb {
    /// `+`, `~` or `-`, as a plan is read.
    pub fn sign(self) -> char {
        match self {
            Self::Create => '+',
            Self::Alter | Self::Rename => '~',
            Self::Drop => '-',
        }
    }
}

/// One step. Its statements belong together and run in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Step {
    /// What happens to the object.
    pub verb: Verb,
    /// What it is done to.
    pub object: ObjectId,
    /// In words: `column users.phone_number`, with what is special about it.
    pub summary: String,
    /// SQL without final semicolons.
    pub statements: Vec<String>,
    /// What to know before it runs.
    pub hazards: Vec<Hazard>,
    /// What it costs those who use what was there before, a lock each, the strongest first.
    pub impacts: Vec<Impact>,
}

impl Step {
    /// The step that carries out a rename.
    pub(super) fn rename(rename: &Rename) -> Self {
        let object = match rename {
            Rename::Object { from, .. } => from.clone(),
            Rename::Label { of, .. } => ObjectId::Type { name: of.clone() },
        };
        let mut hazards = Vec::new();
        if rename.breaks_queries() {
            hazards.push(
                Hazard::new(
                    HazardCode::BreaksQueries,
                    object.plain(),
                    "code that still uses the old name fails from then on",
                )
                .help("deploy the code that uses the new name together with this migration"),
            );
        }
        Self {
            verb: Verb::Rename,
            summary: rename.summary(),
            object,
            statements: vec![rename.sql()],
            hazards,
            impacts: Vec::new(),
        }
    }

    /// Does more with the same object.
    pub(super) fn append(&mut self, work: Work) {
        self.statements.extend(work.statements);
        self.hazards.extend(work.hazards);
    }

    /// The worst of its hazards.
    pub fn risk(&self) -> Risk {
        self.hazards
            .iter()
            .map(|hazard| hazard.code.risk())
            .max()
            .unwrap_or(Risk::Safe)
    }
}
