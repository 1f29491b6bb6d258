//! What differs between two schemas, as plain data that keeps both sides whole.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Object, ObjectId, Schema};
use crate::name::Ident;
use crate::rename::{Mapping, Rename};

/// One object that is not the same in both schemas.
///
/// Both sides are whole, so that the way back needs nothing but this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// None for an object that is added.
    pub previous: Option<Object>,
    /// None for an object that is dropped.
    pub next: Option<Object>,
}

impl Change {
    fn reverse(self) -> Self {
        Self {
            previous: self.next,
            next: self.previous,
        }
    }
}

/// Whether changes lead on, or undo what led on. A way back can't restore what was dropped, and says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Leads on.
    Up,
    /// Undoes what led on.
    Down,
}

/// Everything that differs between two schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Which way these changes lead.
    pub direction: Direction,
    /// The schema to start from, with `renames_first` already carried out in it.
    pub previous: Schema,
    /// The schema to arrive at, before `renames_last`.
    pub next: Schema,
    /// Renames that lead from the true previous schema to `previous`, in order.
    pub renames_first: Vec<Rename>,
    /// What is to be done, by the object that it is done to.
    pub changes: BTreeMap<ObjectId, Change>,
    /// Renames that lead from `next` to the true next schema, in order. Only a way back has any.
    pub renames_last: Vec<Rename>,
    /// What rows that hold a label which the way up removes hold from then on.
    pub mappings: Vec<Mapping>,
    /// Where the values of a column that comes or goes are besides: a new one is filled from there, and one that is
    /// dropped loses none. Both ways may have some.
    pub fills: BTreeMap<ObjectId, Fill>,
}

/// What a new column's rows get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fill {
    /// SQL over the table's other columns.
    pub expression: String,
    /// The table's trigger that fills the rows which are written from then on: it is there first.
    pub kept_by: Option<Ident>,
}

impl Changes {
    /// Whether the two schemas are the same.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.renames_first.is_empty() && self.renames_last.is_empty()
    }

    /// The way back: `reverse(reverse(changes)) == changes`.
    pub fn reverse(self) -> Self {
        let back = |renames: Vec<Rename>| renames.into_iter().rev().map(Rename::reverse).collect();
        Self {
            direction: match self.direction {
                Direction::Up => Direction::Down,
                Direction::Down => Direction::Up,
            },
            previous: self.next,
            next: self.previous,
            renames_first: back(self.renames_last),
            changes: self
                .changes
                .into_iter()
                .map(|(id, change)| (id, change.reverse()))
                .collect(),
            renames_last: back(self.renames_first),
            mappings: self.mappings,
            fills: self.fills,
        }
    }
}
