//! Triggers that are off while tables are filled or emptied, inside the one transaction that does it.

use seachange_schema::{Ident, Name};

/// A trigger that would fire, and whether it does so always (`pg_trigger.tgenabled` is `A`).
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub(crate) table: Name,
    pub(crate) name: Ident,
    pub(crate) always: bool,
}

impl Trigger {
    /// The statement that switches it off.
    pub(crate) fn off(&self) -> String {
        format!("ALTER TABLE {} DISABLE TRIGGER {}", self.table, self.name)
    }

    /// The statement that makes it what it was.
    pub(crate) fn on(&self) -> String {
        let how = if self.always {
            "ENABLE ALWAYS"
        } else {
            "ENABLE"
        };
        format!("ALTER TABLE {} {how} TRIGGER {}", self.table, self.name)
    }
}
