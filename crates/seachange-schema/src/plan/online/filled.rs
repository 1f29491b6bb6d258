//! SET NOT NULL: a check that was validated beforehand proves it, and no row is looked at under the exclusive
//! lock (PostgreSQL manual, ALTER TABLE, "SET NOT NULL").

use super::{Ground, Part};
use crate::model::{Object, ObjectId};
use crate::name::{Ident, Name};
use crate::plan::step::{Step, Verb};
use crate::plan::{Hazard, HazardCode, Transaction};

/// A column of a table in use that may no longer be NULL.
pub(super) fn set(ground: &Ground<'_>, at: usize) -> Option<Vec<Part>> {
    let step = &ground.steps[at];
    let (ObjectId::Column { table, name }, Verb::Alter) = (&step.object, step.verb) else {
        return None;
    };
    let wanted = set_not_null(table, name);
    let place = step.statements.iter().position(|sql| *sql == wanted)?;
    if !ground.in_use(table) {
        return None;
    }
    if is_proven(ground, table, name) {
        let part = Part::of(step, Transaction::One, "", step.statements.clone());
        return Some(vec![
            part.with_hazards(step, |hazard| !is_about_nulls(hazard)),
        ]);
    }
    let (before, after) = step.statements.split_at(place);
    Some(proven(ground, step, table, name, before, &after[1..]))
}

pub(super) fn set_not_null(table: &Name, column: &Ident) -> String {
    format!("ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL")
}

/// The parts that lead to NOT NULL, with what is to be done before and after it.
pub(super) fn proven(
    ground: &Ground<'_>,
    step: &Step,
    table: &Name,
    column: &Ident,
    before: &[String],
    after: &[String],
) -> Vec<Part> {
    let check = ground.free_constraint(table, column, "__not_null");
    let mut add = before.to_vec();
    add.push(format!(
        "ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID"
    ));
    let validate = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check}");
    let mut set = vec![
        set_not_null(table, column),
        format!("ALTER TABLE {table} DROP CONSTRAINT {check}"),
    ];
    set.extend_from_slice(after);
    vec![
        Part::of(step, Transaction::One, "NOT NULL for new rows", add)
            .with_hazards(step, |hazard| !is_about_nulls(hazard)),
        Part::of(step, Transaction::None, "looking for NULLs", vec![validate])
            .with_hazards(step, is_about_nulls),
        Part::of(step, Transaction::One, "NOT NULL", set),
    ]
}

fn is_about_nulls(hazard: &Hazard) -> bool {
    hazard.code == HazardCode::MayFail && hazard.message.contains("NULL")
}

/// Whether a valid check says so already.
fn is_proven(ground: &Ground<'_>, table: &Name, column: &Ident) -> bool {
    let spelled = [
        format!("CHECK (({} IS NOT NULL))", column.as_str()),
        format!("CHECK (({column} IS NOT NULL))"),
    ];
    ground.changes.previous.objects.iter().any(|(id, object)| {
        matches!((id, object), (ObjectId::Constraint { table: of, .. }, Object::Constraint(check))
            if of == table && check.validated && spelled.contains(&check.definition))
            && ground.changes.next.contains(id)
    })
}
