//! A partition that goes: detached concurrently, its parent's readers and writers don't wait for it (PostgreSQL manual, ALTER
//! TABLE, "DETACH PARTITION"). PostgreSQL leaves a check behind that says what the partition held.

use super::{Ground, Part, bound};
use crate::model::{Object, ObjectId, Partition};
use crate::name::{Ident, Name};
use crate::plan::Transaction;
use crate::plan::step::Verb;

/// A partition of a table in use that becomes a table of its own, or is dropped.
pub(super) fn detached(ground: &Ground<'_>, at: usize) -> Option<Vec<Part>> {
    let step = &ground.steps[at];
    let (ObjectId::Table { name }, Some(Object::Table(table))) =
        (&step.object, ground.changes.previous.get(&step.object))
    else {
        return None;
    };
    let Partition { parent, .. } = table.partition_of.as_ref()?;
    // What comes in its place has to come in the same transaction.
    if !ground.in_use(parent) || ground.is_waited_for(at) || has_default(ground, parent) {
        return None;
    }
    let detach = format!("ALTER TABLE {parent} DETACH PARTITION {name}");
    let concurrently = Part::of(
        step,
        Transaction::None,
        "detached",
        vec![format!("{detach} CONCURRENTLY")],
    );
    match (step.verb, ground.changes.next.get(&step.object)) {
        (Verb::Drop, None) => Some(vec![
            concurrently,
            Part::of(step, Transaction::One, "", step.statements.clone())
                .with_hazards(step, |_| true),
        ]),
        (Verb::Alter, Some(Object::Table(next))) if next.partition_of.is_none() => {
            let check = left_behind(ground, name, parent)?;
            let mut statements = vec![format!(
                "ALTER TABLE {name} DROP CONSTRAINT IF EXISTS {check}"
            )];
            let rest = (step.statements.iter()).filter(|sql| **sql != detach);
            statements.extend(rest.cloned());
            let detached = step.statements.len() + 1 > statements.len();
            detached.then(|| {
                vec![
                    concurrently,
                    Part::of(step, Transaction::One, "as a table of its own", statements)
                        .with_hazards(step, |_| true),
                ]
            })
        }
        _ => None,
    }
}

/// With a default partition PostgreSQL refuses to detach another one concurrently.
fn has_default(ground: &Ground<'_>, parent: &Name) -> bool {
    [&ground.changes.previous, &ground.changes.next]
        .iter()
        .flat_map(|schema| schema.tables())
        .any(|(_, table)| {
            (table.partition_of.as_ref())
                .is_some_and(|of| of.parent == *parent && of.bound == "DEFAULT")
        })
}

/// The name that PostgreSQL gives to the check, where nothing else in the schema has it.
fn left_behind(ground: &Ground<'_>, table: &Name, parent: &Name) -> Option<Ident> {
    let columns = bound::columns(&ground.changes.previous, parent)?;
    let own = table.name.as_str();
    let name = match columns.iter().collect::<Vec<_>>()[..] {
        [column] => format!("{own}_{}_check", column.as_str()),
        _ => format!("{own}_check"),
    };
    let name = Ident::new(name);
    let taken = [&ground.changes.previous, &ground.changes.next]
        .iter()
        .flat_map(|schema| schema.objects.keys())
        .any(|id| {
            matches!(id, ObjectId::Constraint { table: of, name: other }
                if *other == name && of.schema == table.schema)
        });
    (name.as_str().len() <= 63 && !taken).then_some(name)
}
