//! A key of a partitioned table: each partition gets its own first, as any table does; then the key is made on the table
//! alone, where there is nothing to build, and takes the partitions' as its parts.

use super::super::tree::{Branch, branches};
use super::super::{Ground, Part};
use super::taken_over;
use crate::model::{Constraint, ConstraintKind, Object, ObjectId};
use crate::name::Name;
use crate::plan::Transaction;

/// A key on a partitioned table in use.
pub(super) fn added(
    ground: &Ground<'_>,
    at: usize,
    constraint: &Constraint,
    word: &str,
    rest: &[String],
) -> Option<Vec<Part>> {
    let step = &ground.steps[at];
    let branches = branches(ground, &step.object)?;
    let mut built = Vec::new();
    let mut taken = Vec::new();
    for branch in &branches {
        if branch.divided || branch.stays {
            continue;
        }
        let (build, add) = taken_over(ground, branch.table, branch.name, branch.constraint, word)?;
        built.push(build);
        taken.push(add);
    }
    let (ObjectId::Constraint { table, name }, true) = (&step.object, !built.is_empty()) else {
        return None;
    };
    let mut whole = vec![format!(
        "ALTER TABLE ONLY {table} ADD CONSTRAINT {name} {}",
        constraint.definition
    )];
    for branch in branches.iter().filter(|branch| branch.divided) {
        if branch.stays {
            return None;
        }
        let Branch { table, name, .. } = branch;
        whole.push(format!(
            "ALTER TABLE ONLY {table} ADD CONSTRAINT {name} {}",
            branch.constraint.definition
        ));
    }
    // From below, so that each level is whole when it is attached.
    for branch in branches.iter().rev() {
        let parent = index(&branch.parent)?;
        let own = branch.table.sibling(branch.name);
        whole.push(format!("ALTER INDEX {parent} ATTACH PARTITION {own}"));
    }
    whole.extend_from_slice(rest);
    let build = Part::of(step, Transaction::None, "the partitions' indexes", built)
        .with_hazards_of(step)
        .beside_the_old();
    if waits(ground, at, table, constraint) {
        // What goes does so in the same transaction, and the table is never without.
        taken.append(&mut whole);
        return Some(vec![build, Part::of(step, Transaction::One, "", taken)]);
    }
    Some(vec![
        build,
        // One lock at a time.
        Part::of(step, Transaction::None, "the partitions' own", taken),
        Part::of(step, Transaction::One, "", whole),
    ])
}

/// Whether something has to go first.
fn waits(ground: &Ground<'_>, at: usize, table: &Name, constraint: &Constraint) -> bool {
    let another = constraint.kind == ConstraintKind::PrimaryKey
        && (ground.changes.previous.objects.iter()).any(|(id, object)| {
            id.relation() == Some(table)
                && matches!(object, Object::Constraint(key) if key.kind == ConstraintKind::PrimaryKey)
        });
    another || ground.waits_for_a_drop(at)
}

fn index(id: &ObjectId) -> Option<Name> {
    match id {
        ObjectId::Constraint { table, name } => Some(table.sibling(name)),
        _ => None,
    }
}
