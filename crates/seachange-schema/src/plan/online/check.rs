//! Foreign keys and checks: added NOT VALID, so that only new rows are checked, and validated later under a lock
//! that lets writers through (PostgreSQL manual, ALTER TABLE, "Notes").

use super::tree::branches;
use super::{Ground, Part};
use crate::model::{Constraint, ConstraintKind, Object, ObjectId};
use crate::name::Name;
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
    if !matches!(
        constraint.kind,
        ConstraintKind::ForeignKey | ConstraintKind::Check
    ) {
        return None;
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
    if constraint.kind == ConstraintKind::ForeignKey && ground.is_partitioned(table) {
        return partitions_first(ground, at, table, constraint);
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

/// PostgreSQL 17 and older have no foreign key that is NOT VALID on a partitioned table: each partition gets its own, and
/// the table's takes them over without looking at a row.
fn partitions_first(
    ground: &Ground<'_>,
    at: usize,
    table: &Name,
    constraint: &Constraint,
) -> Option<Vec<Part>> {
    let step = &ground.steps[at];
    let other = constraint.references.as_ref()?;
    if other == table || ground.is_partitioned(other) {
        return None;
    }
    let (mut add, mut validate) = (Vec::new(), Vec::new());
    for branch in branches(ground, &step.object)? {
        if branch.divided || branch.stays {
            continue;
        }
        let (table, name) = (branch.table, branch.name);
        add.push(format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} {} NOT VALID",
            branch.constraint.definition
        ));
        validate.push(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"));
    }
    if add.is_empty() {
        return None;
    }
    let transaction = match ground.waits_for_a_drop(at) {
        // New rows are checked all the time.
        true => Transaction::One,
        // One lock at a time.
        false => Transaction::None,
    };
    Some(vec![
        Part::of(step, transaction, "the partitions' own, for new rows", add),
        Part::of(
            step,
            Transaction::None,
            "the partitions' own, for all rows",
            validate,
        )
        .with_hazards_of(step),
        Part::of(step, Transaction::One, "", step.statements.clone()),
    ])
}
