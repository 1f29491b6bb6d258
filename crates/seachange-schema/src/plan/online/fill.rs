//! A new column whose values are elsewhere in the table already: it comes bare, and the rows are filled in batches.

use super::{Ground, Part, filled, volatile};
use crate::needs::is_of_strict_domain;
use crate::plan::{HazardCode, Transaction};
use crate::render;

/// A new column of a table in use that is filled from the others.
pub(super) fn added(ground: &Ground<'_>, at: usize) -> Option<Vec<Part>> {
    let step = &ground.steps[at];
    let (table, name, column) = ground.new_column(step)?;
    let fill = ground.changes.fills.get(&step.object)?;
    if !ground.in_use(table)
        || ground.is_partitioned(table)
        || is_of_strict_domain(&ground.changes.next, &step.object)
    {
        return None;
    }
    let key = volatile::key(ground, table)?;
    let update = render::fill_rows(table, name, &fill.expression);
    let place = step.statements.iter().position(|sql| *sql == update)?;
    let (before, after) = (&step.statements[..place], &step.statements[place + 1..]);
    let set = filled::set_not_null(table, name);
    let (nulls, after): (Vec<_>, Vec<_>) = after.iter().cloned().partition(|sql| *sql == set);
    let add = [before, &after].concat();
    let rows = format!("-- seachange: backfill by {key}\n{update}");
    let mut parts = vec![
        Part::of(step, Transaction::One, "for new rows", add),
        Part::of(step, Transaction::None, "for all rows", vec![rows])
            .with_hazards(step, |hazard| {
                !matches!(hazard.code, HazardCode::RewritesTable | HazardCode::MayFail)
            }),
    ];
    if !nulls.is_empty() && column.not_null {
        let mut bare = step.clone();
        (bare.hazards).retain(|hazard| hazard.code == HazardCode::MayFail);
        parts.extend(filled::proven(ground, &bare, table, name, &[], &[]));
    }
    Some(parts)
}
