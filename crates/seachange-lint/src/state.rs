//! What holds before a statement: the catalog's schema, and what the file has done to it so far.

mod apply;
mod foreign_keys;
mod known;

use std::collections::{BTreeMap, BTreeSet};

use seachange_schema::{Ident, Name, Schema};

use crate::finding::Lock;

/// The schema a file meets, and the file's own deeds on top of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct State<'a> {
    pub(crate) schema: Option<&'a Schema>,
    /// Tables and materialized views that the file made: nobody else uses them, and none has many rows.
    made: BTreeSet<Name>,
    types_made: BTreeSet<Name>,
    /// From the catalog's name of a type to the one that the file gave it.
    types_renamed: BTreeMap<String, String>,
    /// From a name now to the catalog's.
    former: BTreeMap<Name, Name>,
    columns: BTreeMap<(Name, Ident), KnownColumn>,
    constraints: BTreeMap<(Name, Ident), KnownConstraint>,
    /// The table of each index that the file made.
    indexes: BTreeMap<Name, Name>,
    /// Labels that the file added to types that were there.
    pub(crate) labels: Vec<(Name, String)>,
    /// Locks on older tables that the transaction holds, with the offset of the statement that took them.
    pub(crate) held: Vec<(Name, Lock, usize)>,
}

#[derive(Clone, Debug)]
struct KnownColumn {
    data_type: Option<String>,
    /// Added by the file.
    new: bool,
}

#[derive(Clone, Debug)]
struct KnownConstraint {
    definition: String,
    validated: bool,
    /// NOT VALID was added by the file, and nothing has validated it since.
    added: bool,
    /// The table that a foreign key points at.
    references: Option<Name>,
}

impl State<'_> {
    /// The transaction is over: its locks are gone, and what it did is there for the next one.
    pub(crate) fn committed(&mut self) {
        self.labels.clear();
        self.held.clear();
        for constraint in self.constraints.values_mut() {
            constraint.added = false;
        }
    }
}
