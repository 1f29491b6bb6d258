//! Who waits for each statement of a file: the locks that it takes on tables that were there before, whether or not a
//! rule finds fault with it.

use std::collections::BTreeMap;
use std::fmt;

use seachange_schema::Name;

use crate::file::{File, read};
use crate::finding::{Lock, Place};
use crate::impact::lock_of;
use crate::state::State;

/// A statement, and a lock that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Where the statement stands.
    pub place: Place,
    /// The strongest that it takes.
    pub lock: Lock,
    /// The tables that it locks so.
    pub tables: Vec<String>,
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tables = self.tables.join(", ");
        let (lock, blocks) = (self.lock.name(), self.lock.blocks());
        write!(f, "{lock} on {tables}: {blocks} wait")
    }
}

/// The locks of a file, statement by statement, the strongest first where one takes several.
pub fn waits(file: &File<'_>) -> Vec<Wait> {
    let read = read(file);
    let mut state = State::before(file.before);
    let mut waits = Vec::new();
    for statement in &read.statements {
        let mut locks: BTreeMap<Name, Lock> = BTreeMap::new();
        for deed in &statement.deeds {
            for (table, lock) in lock_of(&deed.what, &state) {
                let held = locks.entry(table).or_insert(lock);
                *held = (*held).max(lock);
            }
            state.apply(deed);
        }
        let mut by_lock: BTreeMap<Lock, Vec<String>> = BTreeMap::new();
        for (table, lock) in locks {
            by_lock.entry(lock).or_default().push(table.plain());
        }
        waits.extend(by_lock.into_iter().rev().map(|(lock, tables)| Wait {
            place: read.place(statement.node.start),
            lock,
            tables,
        }));
    }
    waits
}
