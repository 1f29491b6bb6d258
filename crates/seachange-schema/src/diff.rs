//! Compares two schemas object by object.
//!
//! What differs is found here; how to get from one side to the other is the planner's business.

mod follow;
mod same;

use std::collections::BTreeMap;

use crate::change::{Change, Changes, Direction};
use crate::model::Schema;
use crate::rename::Rename;

/// What leads from `previous` to `next`.
///
/// `previous` has `renames` already carried out in it, by PostgreSQL itself on a scratch database:
/// only PostgreSQL knows every text that a new name turns up in. Constraints and indexes that
/// differ in nothing but their names are renamed without being asked about, since nothing can be
/// lost by that.
pub fn diff(previous: Schema, next: Schema, renames: Vec<Rename>) -> Changes {
    let mut previous = previous.with_owners_of(&next);
    let next = next.with_owners_of(&previous);
    let mut renames_first = renames;
    renames_first.extend(follow::derived_names(&mut previous, &next));

    let mut changes = BTreeMap::new();
    for (id, object) in &previous.objects {
        match next.objects.get(id) {
            Some(other) if same::same(object, other) => {}
            other => {
                changes.insert(
                    id.clone(),
                    Change {
                        previous: Some(object.clone()),
                        next: other.cloned(),
                    },
                );
            }
        }
    }
    for (id, object) in &next.objects {
        if !previous.objects.contains_key(id) {
            changes.insert(
                id.clone(),
                Change {
                    previous: None,
                    next: Some(object.clone()),
                },
            );
        }
    }
    Changes {
        direction: Direction::Up,
        previous,
        next,
        renames_first,
        changes,
        renames_last: Vec::new(),
        mappings: Vec::new(),
        fills: BTreeMap::new(),
    }
}
