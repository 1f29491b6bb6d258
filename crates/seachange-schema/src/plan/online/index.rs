//! Indexes, built and dropped CONCURRENTLY (PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently").

use super::{Ground, Part};
use crate::model::{Index, Object, ObjectId};
use crate::name::Name;
use crate::plan::impact::Action;
use crate::plan::step::{Step, Verb};
use crate::plan::{Transaction, graph::Edges};

/// A new index on a table in use. One that is made anew under its own name is built beside the old one, which
/// goes when the new one has its place.
pub(super) fn created(ground: &Ground<'_>, at: usize) -> Option<Vec<Part>> {
    let step = &ground.steps[at];
    let (ObjectId::Index { name }, Some(Object::Index(index)), Verb::Create) = (
        &step.object,
        ground.changes.next.get(&step.object),
        step.verb,
    ) else {
        return None;
    };
    if !ground.in_use(&index.table) {
        return None;
    }
    if ground.is_partitioned(&index.table) {
        // On the table alone there is nothing to build.
        let part = Part::of(step, Transaction::One, "", step.statements.clone());
        return Some(vec![part.with_hazards_of(step)]);
    }
    let (first, rest) = step.statements.split_first()?;
    if ground.impact.actions.get(&step.object) == Some(&Action::Recreate) {
        return replaced(ground, step, name, index, first, rest);
    }
    let build = concurrently(first, &name.name.to_string(), &name.name.to_string())?;
    let mut statements = vec![build];
    statements.extend_from_slice(rest);
    let part = Part::of(step, Transaction::None, "", statements).with_hazards_of(step);
    Some(vec![part])
}

fn replaced(
    ground: &Ground<'_>,
    step: &Step,
    name: &Name,
    index: &Index,
    first: &str,
    rest: &[String],
) -> Option<Vec<Part>> {
    if !swaps(ground, &step.object) {
        return None;
    }
    let new = ground.free(name, "__new");
    let old = ground.free(name, "__old");
    let build = concurrently(first, &name.name.to_string(), &new.name.to_string())?;
    let mut swap = vec![
        format!("ALTER INDEX {name} RENAME TO {}", old.name),
        format!("ALTER INDEX {new} RENAME TO {}", name.name),
    ];
    swap.extend_from_slice(rest);
    debug_assert!(index.parent.is_none());
    Some(vec![
        Part::of(step, Transaction::None, "beside the old one", vec![build])
            .with_hazards_of(step)
            .beside_the_old(),
        Part::of(step, Transaction::One, "in the old one's place", swap),
        Part::of(
            step,
            Transaction::None,
            "without the old one",
            vec![format!("DROP INDEX CONCURRENTLY {old}")],
        )
        .nobody_waits(),
    ])
}

/// Whether an index that is made anew only has another definition: nothing else needs the old one gone.
fn swaps(ground: &Ground<'_>, id: &ObjectId) -> bool {
    let (Some(Object::Index(before)), Some(Object::Index(after))) =
        (ground.changes.previous.get(id), ground.changes.next.get(id))
    else {
        return false;
    };
    let at =
        |verb: Verb| (ground.steps.iter()).position(|step| step.object == *id && step.verb == verb);
    let (Some(dropped), Some(created)) = (at(Verb::Drop), at(Verb::Create)) else {
        return false;
    };
    before.definition != after.definition
        && before.parent.is_none()
        && after.parent.is_none()
        && before.table == after.table
        && ground.in_use(&after.table)
        && !ground.is_partitioned(&after.table)
        && leads_only_to(ground.edges, dropped, created)
}

fn leads_only_to(edges: &Edges, from: usize, to: usize) -> bool {
    (edges.range((from, 0)..=(from, usize::MAX))).all(|(_, second)| *second == to)
}

/// An index that goes from a table in use.
pub(super) fn dropped(ground: &Ground<'_>, at: usize) -> Option<Vec<Part>> {
    let step = &ground.steps[at];
    let (ObjectId::Index { name }, Some(Object::Index(index)), Verb::Drop) = (
        &step.object,
        ground.changes.previous.get(&step.object),
        step.verb,
    ) else {
        return None;
    };
    if ground.impact.actions.get(&step.object) == Some(&Action::Recreate) {
        // Its successor has taken care of it.
        return swaps(ground, &step.object).then(Vec::new);
    }
    if !ground.in_use(&index.table)
        || ground.is_partitioned(&index.table)
        || index.parent.is_some()
        || ground.is_waited_for(at)
        || step.statements.len() != 1
    {
        return None;
    }
    let drop = format!("DROP INDEX CONCURRENTLY {name}");
    Some(vec![
        Part::of(step, Transaction::None, "", vec![drop]).with_hazards_of(step),
    ])
}

/// `CREATE [UNIQUE] INDEX name …` with CONCURRENTLY, maybe under another name.
fn concurrently(sql: &str, name: &str, new: &str) -> Option<String> {
    let (unique, rest) = match sql.strip_prefix("CREATE UNIQUE INDEX ") {
        Some(rest) => ("UNIQUE ", rest),
        None => ("", sql.strip_prefix("CREATE INDEX ")?),
    };
    let rest = rest.strip_prefix(name)?;
    Some(format!("CREATE {unique}INDEX CONCURRENTLY {new}{rest}"))
}
