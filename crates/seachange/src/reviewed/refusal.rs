//! Why a plan is not applied, each reason with a word of its own.

use std::path::PathBuf;

use crate::catalog::CatalogError;
use crate::error::Help;

/// Why a plan was not made or not applied.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error("refused: {0}")]
    Refused(#[from] PlanRefusal),
    #[error("cannot {doing} the plan `{}`: {source}", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("looking how the database is failed: {0}")]
    Asking(#[from] sqlx::Error),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error("the schema has no form in JSON: {0}")]
    Form(serde_json::Error),
}

/// What keeps a plan from being applied as it was reviewed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanRefusal {
    #[error("the plan is cut, or no plan at all: {why}")]
    Unreadable { why: String },
    #[error("the plan has version {found}, and this program knows version {known}")]
    Version { found: u64, known: u32 },
    #[error("the plan was edited after it was made")]
    Edited,
    #[error("the plan is one for `{found}`, and this is `{wanted}`")]
    OtherCommand {
        found: &'static str,
        wanted: &'static str,
    },
    #[error("the plan is for `{planned}`, and this is `{here}`: {why}")]
    OtherDatabase {
        planned: String,
        here: String,
        why: String,
    },
    #[error("the plan was made as role `{planned}`, and this is role `{here}`")]
    OtherRole { planned: String, here: String },
    #[error("the plan is for the schema `{planned}`, and this is `{here}`")]
    OtherSchema { planned: String, here: String },
    #[error("other migrations are applied than when the plan was made: {}", what.join(", "))]
    Applied { what: Vec<String> },
    #[error("a migration stands half-way at another place than when the plan was made")]
    HalfWay,
    #[error("the database is not as it was when the plan was made: {}", shown(.what))]
    Schema { what: Vec<String> },
    #[error("what pushes declared is not what it was when the plan was made")]
    Declared,
    #[error("`{version}` is not what was planned: {why}")]
    Migration { version: String, why: &'static str },
    #[error("`{version}` is not in `seachange.lock`, so nothing holds it to what was reviewed")]
    Unlocked { version: String },
}

impl PlanRefusal {
    /// A stable word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "plan-unreadable",
            Self::Version { .. } => "plan-version",
            Self::Edited => "plan-edited",
            Self::OtherCommand { .. } => "plan-other-command",
            Self::OtherDatabase { .. } => "plan-other-database",
            Self::OtherRole { .. } => "plan-other-role",
            Self::OtherSchema { .. } => "plan-other-schema",
            Self::Applied { .. } => "plan-applied",
            Self::HalfWay => "plan-half-way",
            Self::Schema { .. } => "plan-schema",
            Self::Declared => "plan-declared",
            Self::Migration { .. } => "plan-migration",
            Self::Unlocked { .. } => "plan-unlocked",
        }
    }
}

impl PlanError {
    /// A stable word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            _ => "plan",
        }
    }

    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}

impl Help for PlanRefusal {
    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::Unreadable { .. } => "nothing was changed; take the whole file that `--plan-out` wrote",
                Self::Version { .. } => {
                    "apply it with the program that made it, or make it anew with this one"
                }
                Self::Edited => {
                    "a plan is applied as it was made: change the migration or the entities, and make it anew"
                }
                Self::OtherCommand { .. } => "apply it with the command that made it",
                Self::OtherDatabase { .. } | Self::OtherSchema { .. } => {
                    "name the database that it was made for, or make one for this"
                }
                Self::OtherRole { .. } => "connect as the role that made it, or make it anew as this one",
                Self::Applied { .. } | Self::HalfWay | Self::Schema { .. } | Self::Declared => {
                    "nothing was changed; make the plan anew with `--plan-out`, and review it"
                }
                Self::Migration { .. } => {
                    "run the program that was built when the plan was made, or make the plan anew and review it"
                }
                Self::Unlocked { .. } => "lock the folder (`cargo xtask db migrate` does), and build again",
            }
            .to_owned(),
        )
    }
}

impl Help for PlanError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Refused(refusal) => refusal.help(),
            Self::Catalog(error) => error.help(),
            Self::Io { .. } | Self::Asking(_) | Self::Form(_) => None,
        }
    }
}

fn shown(what: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut text = what[..what.len().min(SHOWN)].join(", ");
    if what.len() > SHOWN {
        text.push_str(&format!(" and {} more", what.len() - SHOWN));
    }
    text
}
