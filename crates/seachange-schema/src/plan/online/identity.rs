//! A new identity column: PostgreSQL would write the table anew to number its rows. Until it is one, the column counts by a
//! sequence that goes on as the identity's, so that no number comes twice: new rows take from it at once, those that are
//! there in batches.

use super::{Ground, Part, filled, volatile};
use crate::name::literal;
use crate::plan::step::Step;
use crate::plan::{HazardCode, Transaction};
use crate::render;

/// A new identity column of a table in use.
pub(super) fn added(ground: &Ground<'_>, at: usize) -> Option<Vec<Part>> {
    let step = &ground.steps[at];
    let (table, name, column) = ground.new_column(step)?;
    let identity = column.identity.as_ref()?;
    if !ground.in_use(table) || ground.is_partitioned(table) || !column.local {
        return None;
    }
    let key = volatile::key(ground, table)?;
    let (first, rest) = step.statements.split_first()?;
    let counted = render::counted(table, name, identity);
    let (bare, end) = first.split_once(&format!(" {counted}"))?;
    if !matches!(end, "" | " NOT NULL") {
        return None;
    }
    let own = table.sibling(&identity.sequence);
    let until = ground.free(&own, "__until");
    let add = vec![
        bare.to_owned(),
        render::counts_before(&until, identity),
        render::own_sequence(&until, Some(&(table.clone(), name.clone()))),
        // An identity's sequence asks for no privilege.
        format!("GRANT USAGE ON SEQUENCE {until} TO PUBLIC"),
        format!(
            "ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT nextval({}::regclass)",
            literal(&until.to_string())
        ),
    ];
    let fill = format!(
        "-- seachange: backfill by {key}\nUPDATE {table} SET {name} = DEFAULT WHERE {name} IS NULL"
    );
    let mut becomes = vec![
        format!("ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT"),
        format!("ALTER TABLE {table} ALTER COLUMN {name} ADD {counted}"),
        format!(
            "SELECT setval({}::regclass, last_value, is_called) FROM {until}",
            literal(&own.to_string())
        ),
        format!("DROP SEQUENCE {until}"),
    ];
    becomes.extend_from_slice(rest);
    let bare = Step {
        hazards: Vec::new(),
        ..step.clone()
    };
    let mut parts = vec![
        Part::of(step, Transaction::One, "for new rows", add),
        Part::of(step, Transaction::None, "for all rows", vec![fill])
            .with_hazards(step, |hazard| hazard.code != HazardCode::RewritesTable),
    ];
    parts.extend(filled::proven(ground, &bare, table, name, &[], &becomes));
    Some(parts)
}
