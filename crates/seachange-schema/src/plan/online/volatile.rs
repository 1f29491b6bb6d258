//! A new column whose default is another one for every row: PostgreSQL would write the table anew. The column
//! comes without it, gets it for new rows, and the rows that are there are filled in batches.

use super::filled;
use super::{Ground, Part};
use crate::model::{ConstraintKind, Object, ObjectId};
use crate::name::{Ident, Name};
use crate::needs::is_of_strict_domain;
use crate::plan::step::Step;
use crate::plan::{HazardCode, Transaction};

/// A new column of a table in use, where adding it would write every row.
pub(super) fn added(ground: &Ground<'_>, at: usize) -> Option<Vec<Part>> {
    let step = &ground.steps[at];
    let (table, name, column) = ground.new_column(step)?;
    let rewrites = (step.hazards.iter()).any(|hazard| hazard.code == HazardCode::RewritesTable);
    if !rewrites
        || !ground.in_use(table)
        || ground.is_partitioned(table)
        || column.identity.is_some()
        || is_of_strict_domain(&ground.changes.next, &step.object)
    {
        return None;
    }
    let default = ObjectId::Default {
        table: table.clone(),
        column: name.clone(),
    };
    let Some(Object::Default(default)) = ground.changes.next.get(&default) else {
        return None;
    };
    let key = key(ground, table)?;
    let (first, rest) = step.statements.split_first()?;
    let (bare, end) = first.split_once(&format!(" DEFAULT {}", default.expression))?;
    if default.generated.is_some() || !matches!(end, "" | " NOT NULL") {
        return None;
    }
    let mut add = vec![
        bare.to_owned(),
        format!(
            "ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {}",
            default.expression
        ),
    ];
    add.extend_from_slice(rest);
    let fill = format!(
        "-- seachange: backfill by {key}\nUPDATE {table} SET {name} = DEFAULT WHERE {name} IS NULL"
    );
    let mut parts = vec![
        Part::of(step, Transaction::One, "for new rows", add),
        Part::of(step, Transaction::None, "for all rows", vec![fill]).with_hazards_of(step),
    ];
    if column.not_null {
        parts.extend(filled::proven(
            ground,
            &bare_step(step),
            table,
            name,
            &[],
            &[],
        ));
    }
    Some(parts)
}

/// The one column of a table's primary key.
pub(super) fn key(ground: &Ground<'_>, table: &Name) -> Option<Ident> {
    let both = [&ground.changes.previous, &ground.changes.next];
    let [before, after] = both.map(|schema| {
        schema
            .objects
            .iter()
            .find_map(|(id, object)| match (id, object) {
                (ObjectId::Constraint { table: of, .. }, Object::Constraint(key))
                    if of == table && key.kind == ConstraintKind::PrimaryKey =>
                {
                    match key.columns.as_slice() {
                        [column] => Some(column.clone()),
                        _ => None,
                    }
                }
                _ => None,
            })
    });
    before.filter(|before| Some(before) == after.as_ref())
}

/// The step without what was said of it as a whole.
fn bare_step(step: &Step) -> Step {
    Step {
        hazards: Vec::new(),
        ..step.clone()
    }
}
