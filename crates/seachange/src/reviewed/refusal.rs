//! Why a plan is not applied, each reason with a word of its own.

use std::path::PathBuf;

use crate::catalog::CatalogError;
use crate::error::{Help, database_help};

/// Why a plan was not made or not applied.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The plan is not for what is here.
    #[error("refused: {0}")]
    Refused(#[from] PlanRefusal),
    /// The file can't be read or written.
    #[error("cannot {doing} the plan `{}`: {source}", path.display())]
    Io {
        /// What was being done, as words that follow "cannot".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database did not say how it is.
    #[error("looking how the database is failed: {0}")]
    Asking(#[from] sqlx::Error),
    /// The catalog could not be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A schema that can't be written into the plan.
    #[error("the schema has no form in JSON: {0}")]
    Form(serde_json::Error),
}

/// What keeps a plan from being applied as it was reviewed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanRefusal {
    /// The file is no plan.
    #[error("the plan is cut, or no plan at all: {why}")]
    Unreadable {
        /// Why, as a fragment.
        why: String,
    },
    /// Another version of the tool made it.
    #[error("the plan has version {found}, and this program knows version {known}")]
    Version {
        /// The plan's form.
        found: u64,
        /// The newest form that is known here.
        known: u32,
    },
    /// Its hash is not that of its text.
    #[error("the plan was edited after it was made")]
    Edited,
    /// A push's plan for migrate, or the other way round.
    #[error("the plan is one for `{found}`, and this is `{wanted}`")]
    OtherCommand {
        /// The command that made it.
        found: &'static str,
        /// The command that is to apply it.
        wanted: &'static str,
    },
    /// It was made for another server or database.
    #[error("the plan is for `{planned}`, and this is `{here}`: {why}")]
    OtherDatabase {
        /// The one that it was made for.
        planned: String,
        /// The one that is connected to.
        here: String,
        /// Why, as a fragment.
        why: String,
    },
    /// It was made by another role.
    #[error("the plan was made as role `{planned}`, and this is role `{here}`")]
    OtherRole {
        /// The one that made it.
        planned: String,
        /// The one that is connected.
        here: String,
    },
    /// It was made for another schema of the database.
    #[error("the plan is for the schema `{planned}`, and this is `{here}`")]
    OtherSchema {
        /// The one that it was made for.
        planned: String,
        /// The one that is used.
        here: String,
    },
    /// Migrations were applied or taken back since.
    #[error("other migrations are applied than when the plan was made: {}", what.join(", "))]
    Applied {
        /// A line for each.
        what: Vec<String>,
    },
    /// A migration was interrupted or resumed since.
    #[error("a migration stands half-way at another place than when the plan was made")]
    HalfWay,
    /// Somebody changed the schema since.
    #[error("the database is not as it was when the plan was made: {}", shown(.what))]
    Schema {
        /// A line for each object that differs.
        what: Vec<String>,
    },
    /// Another push was made since.
    #[error("what pushes declared is not what it was when the plan was made")]
    Declared,
    /// The program has another migration than the plan.
    #[error("`{version}` is not what was planned: {why}")]
    Migration {
        /// The migration's name.
        version: String,
        /// Why, as a fragment.
        why: &'static str,
    },
    /// The plan would run what no lock holds.
    #[error("`{version}` is not in `seachange.lock`, so nothing holds it to what was reviewed")]
    Unlocked {
        /// The migration's name.
        version: String,
    },
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

    /// Whether the plan was looked at and turned down; else it was not got so far.
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
            Self::Io { .. } => {
                Some("check the path, and that this user may read and write it".to_owned())
            }
            Self::Asking(error) => Some(database_help(error)),
            Self::Form(_) => Some("this is a defect in Seachange: report it".to_owned()),
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
