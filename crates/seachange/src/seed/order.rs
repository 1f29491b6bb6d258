//! Which table is loaded before which.

use std::collections::{BTreeMap, BTreeSet};

use seachange_schema::model::{ConstraintKind, Object, ObjectId};
use seachange_schema::{Name, Schema};

use super::error::SeedError;
use super::table::Planned;
use crate::filling::referred_first;

/// Indexes into `tables`, referred-to tables first. Foreign keys over columns that come later, and those of
/// a table to itself, order nothing.
pub(super) fn order(tables: &[&dyn Planned], schema: &Schema) -> Result<Vec<usize>, SeedError> {
    let places: BTreeMap<&Name, usize> = tables
        .iter()
        .enumerate()
        .map(|(place, table)| (table.name(), place))
        .collect();
    let mut waits: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); tables.len()];
    for (id, object) in &schema.objects {
        let (ObjectId::Constraint { table, .. }, Object::Constraint(constraint)) = (id, object)
        else {
            continue;
        };
        let Some(&place) = places.get(table) else {
            continue;
        };
        let target = constraint.references.as_ref();
        let Some(&target) = target.and_then(|target| places.get(target)) else {
            continue;
        };
        let later = constraint.columns.iter().any(|column| {
            let planned = tables[place];
            let mut later = planned.later().iter();
            later.any(|later| planned.columns()[later.column] == column.as_str())
        });
        if constraint.kind == ConstraintKind::ForeignKey && target != place && !later {
            waits[place].insert(target);
        }
    }
    let mut ordered = Vec::with_capacity(tables.len());
    for (place, without) in referred_first(&waits) {
        if !without.is_empty() {
            let circle = [place].into_iter().chain(without);
            return Err(SeedError::Circle {
                tables: circle.map(|place| tables[place].name().plain()).collect(),
            });
        }
        ordered.push(place);
    }
    Ok(ordered)
}
