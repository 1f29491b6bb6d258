//! Foreign keys and checks: added NOT VALID, so that only new rows are checked, and validated later under a lock
//! that lets writers through (PostgreSQL manual, ALTER TABLE, "Notes").

use super::{Ground, Part};
use crate::model::{ConstraintKind, Object, ObjectId};
use crate::plan::step::Verb;
use crate::plan::{Transaction, heirs};

/// A foreign key or a check on a table in use.
pub(super) fn added(ground: &Ground<'_>, at: usize) -> Option<Vec<Part>> {
    let step = &ground.steps[at];
    let (ObjectId::Constraint { table, name }, Some(Object::Constraint(constraint)), Verb::Create) = (
        &step.object,
        ground.changes.next.get(&step.object),
        step.verb,
    ) else {
        return None;
    };
    match constraint.kind {
        // PostgreSQL 17 and older have none that is NOT VALID on a partitioned table.
        ConstraintKind::ForeignKey if ground.is_partitioned(table) => return None,
        ConstraintKind::ForeignKey | ConstraintKind::Check => {}
        _ => return None,
    }
    if !ground.in_use(table)
        || !constraint.validated
        || !(constraint.local || heirs::joins_with(&step.object, ground.changes))
    {
        return None;
    }
    let (first, rest) = step.statements.split_first()?;
    let plain = format!(
        "ALTER TABLE {table} ADD CONSTRAINT {name} {}",
        constraint.definition
    );
    if *first != plain {
        return None;
    }
    let mut add = vec![format!("{plain} NOT VALID")];
    add.extend_from_slice(rest);
    let validate = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}");
    let mut validated =
        Part::of(step, Transaction::None, "for all rows", vec![validate]).with_hazards_of(step);
    if constraint.local {
        validated = validated.nobody_waits();
    }
    Some(vec![
        Part::of(step, Transaction::One, "for new rows", add),
        validated,
    ])
}
