//! What can go wrong with a step, as data: the command decides what to do about it.

use serde::Serialize;

/// How bad it can get, in rising order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Locks only for an instant, changes no row.
    Safe,
    /// Blocks writers or readers while it works through a table, or fails if the rows don't allow it.
    Lock,
    /// Writes the whole table anew under an exclusive lock.
    Rewrite,
    /// Rows or values are gone afterwards.
    DataLoss,
}

impl Risk {
    /// The word that people read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Lock => "lock",
            Self::Rewrite => "rewrite",
            Self::DataLoss => "data loss",
        }
    }
}

/// One thing to know before a step is run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Hazard {
    /// What kind of hazard.
    pub code: HazardCode,
    /// What it is about, as a flag would name it: `users.name`.
    pub subject: String,
    /// A fragment for a person.
    pub message: String,
    /// What to do about it; empty where there is nothing to do.
    pub help: String,
}

/// The kinds of hazard. The names are stable: they stand in files and in `--json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum HazardCode {
    /// Rows or values are dropped.
    DropsData,
    /// Values are cut, rounded or computed anew.
    ChangesValues,
    /// What an earlier step dropped comes back empty or filled.
    NotRestored,
    /// The table is written anew.
    RewritesTable,
    /// Writers wait while the table is read or indexed.
    BlocksWrites,
    /// Fails, and changes nothing, when existing rows don't allow it.
    MayFail,
    /// Code that runs with the old schema fails.
    BreaksQueries,
}

impl HazardCode {
    /// How bad that is.
    pub fn risk(self) -> Risk {
        match self {
            Self::BreaksQueries => Risk::Safe,
            Self::BlocksWrites | Self::MayFail => Risk::Lock,
            Self::RewritesTable => Risk::Rewrite,
            Self::DropsData | Self::ChangesValues | Self::NotRestored => Risk::DataLoss,
        }
    }

    /// The name as it stands in files and flags.
    pub fn name(self) -> &'static str {
        match self {
            Self::DropsData => "drops-data",
            Self::ChangesValues => "changes-values",
            Self::NotRestored => "not-restored",
            Self::RewritesTable => "rewrites-table",
            Self::BlocksWrites => "blocks-writes",
            Self::MayFail => "may-fail",
            Self::BreaksQueries => "breaks-queries",
        }
    }
}

impl Hazard {
    pub(crate) fn new(
        code: HazardCode,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            subject: subject.into(),
            message: message.into(),
            help: String::new(),
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}
