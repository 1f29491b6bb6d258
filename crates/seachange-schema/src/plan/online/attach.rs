//! A partition that comes: a check that was validated beforehand says that its rows belong there, and another one that the
//! default partition holds none of them, so that nothing is read under the exclusive lock (PostgreSQL manual, ALTER TABLE,
//! "ATTACH PARTITION").

use super::{Ground, Part, bound};
use crate::model::{Object, ObjectId, Partition};
use crate::name::Name;
use crate::plan::step::{Step, Verb};
use crate::plan::{Hazard, HazardCode, Transaction};

/// A new partition of a table in use, which was a table before or is made.
pub(super) fn added(ground: &Ground<'_>, at: usize) -> Option<Vec<Part>> {
    let step = &ground.steps[at];
    let (ObjectId::Table { name }, Some(Object::Table(table))) =
        (&step.object, ground.changes.next.get(&step.object))
    else {
        return None;
    };
    let partition = table.partition_of.as_ref()?;
    let starts = match step.verb {
        Verb::Create => format!("CREATE TABLE {name} PARTITION OF {} ", partition.parent),
        Verb::Alter => format!("ALTER TABLE {} ATTACH PARTITION {name} ", partition.parent),
        Verb::Rename | Verb::Drop => return None,
    };
    let detaches = |sql: &String| sql.contains(" DETACH PARTITION ");
    let place = (step.statements.iter()).position(|sql| sql.starts_with(&starts))?;
    if !ground.in_use(&partition.parent) || step.statements.iter().any(detaches) {
        return None;
    }
    let mut checks = Checks {
        ground,
        add: Vec::new(),
        validate: Vec::new(),
        drop: Vec::new(),
    };
    if step.verb == Verb::Alter && ground.in_use(name) {
        let says = bound::whole(&ground.changes.next, partition)?;
        checks.on(name, name, "__belongs", &format!("({says})"));
    }
    let default = default_of(ground, partition);
    if let Some(default) = &default {
        let says = bound::own(&ground.changes.next, partition)?;
        checks.on(default, name, "__elsewhere", &format!("(NOT ({says}))"));
    }
    if checks.add.is_empty() {
        return None;
    }
    Some(checks.parts(step, place, default.as_ref()))
}

/// The partition of the same parent that may hold what belongs into another one, where it stays.
fn default_of(ground: &Ground<'_>, partition: &Partition) -> Option<Name> {
    let mut tables = ground.changes.previous.tables();
    let (name, _) = tables.find(|(_, table)| {
        (table.partition_of.as_ref())
            .is_some_and(|of| of.parent == partition.parent && of.bound == "DEFAULT")
    })?;
    ground.in_use(name).then(|| name.clone())
}

struct Checks<'a> {
    ground: &'a Ground<'a>,
    add: Vec<String>,
    validate: Vec<String>,
    drop: Vec<String>,
}

impl Checks<'_> {
    fn on(&mut self, table: &Name, partition: &Name, end: &str, says: &str) {
        let check = self.ground.free_constraint(table, &partition.name, end);
        (self.add).push(format!(
            "ALTER TABLE {table} ADD CONSTRAINT {check} CHECK {says} NOT VALID"
        ));
        (self.validate).push(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check}"));
        (self.drop).push(format!("ALTER TABLE {table} DROP CONSTRAINT {check}"));
    }

    fn parts(self, step: &Step, place: usize, default: Option<&Name>) -> Vec<Part> {
        let mut add = Part::of(step, Transaction::One, "for new rows", self.add);
        if let Some(default) = default {
            let plain = step.object.plain();
            add = add.and_hazard(
                Hazard::new(
                    HazardCode::BreaksQueries,
                    plain.clone(),
                    format!("a row that belongs into {plain} is refused by {} from here on, until {plain} is there", default.plain()),
                )
                .help("make a partition before its rows come"),
            );
        }
        let mut statements = step.statements[..=place].to_vec();
        statements.extend(self.drop);
        statements.extend_from_slice(&step.statements[place + 1..]);
        vec![
            add,
            Part::of(step, Transaction::None, "for all rows", self.validate).and_hazard(
                Hazard::new(
                    HazardCode::MayFail,
                    step.object.plain(),
                    "stops there if a row belongs into another partition",
                )
                .help("look for such rows first"),
            ),
            Part::of(step, Transaction::One, "", statements).with_hazards_of(step),
        ]
    }
}
