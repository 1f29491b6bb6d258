//! What rendering gives back: statements with their hazards, or the reason why there are none.

use crate::plan::{Hazard, HazardCode};

/// Statements that belong together, and what they risk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Work {
    pub(crate) statements: Vec<String>,
    pub(crate) hazards: Vec<Hazard>,
}

impl Work {
    pub(crate) fn of(statement: impl Into<String>) -> Self {
        Self {
            statements: vec![statement.into()],
            hazards: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, statement: impl Into<String>) {
        self.statements.push(statement.into());
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.statements.extend(other.statements);
        self.hazards.extend(other.hazards);
    }

    pub(crate) fn risk(
        &mut self,
        code: HazardCode,
        subject: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.hazards
            .push(Hazard::new(code, subject, message).help(help));
    }

    pub(crate) fn with(
        mut self,
        code: HazardCode,
        subject: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        self.risk(code, subject, message, help);
        self
    }
}

/// How an object gets from one state to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Alteration {
    InPlace(Work),
    /// Only by dropping and creating it.
    Recreate,
    /// Not at all, and why.
    Refused(String),
}
