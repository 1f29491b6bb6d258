//! Checks of a domain that tables in use have: they hold for new values at once, and are validated by themselves. PostgreSQL
//! keeps writers waiting while it does that, but nothing else is locked meanwhile.

use super::{Ground, Part};
use crate::model::{Object, ObjectId};
use crate::needs::users_of_domain;
use crate::plan::step::Verb;
use crate::plan::{HazardCode, Transaction};

/// A domain that becomes stricter.
pub(super) fn stricter(ground: &Ground<'_>, at: usize) -> Option<Vec<Part>> {
    let step = &ground.steps[at];
    let (ObjectId::Type { name }, Some(Object::Domain(_)), Verb::Alter) = (
        &step.object,
        ground.changes.next.get(&step.object),
        step.verb,
    ) else {
        return None;
    };
    let used = users_of_domain(&ground.changes.previous, &step.object);
    if !used.iter().any(|table| ground.in_use(table)) {
        return None;
    }
    let begins = format!("ALTER DOMAIN {name} ADD CONSTRAINT ");
    let mut validate = Vec::new();
    let mut add = Vec::new();
    for sql in &step.statements {
        match sql
            .strip_prefix(&begins)
            .and_then(|rest| rest.split_once(" CHECK ("))
        {
            Some((check, _)) => {
                add.push(format!("{sql} NOT VALID"));
                validate.push(format!("ALTER DOMAIN {name} VALIDATE CONSTRAINT {check}"));
            }
            None => add.push(sql.clone()),
        }
    }
    if validate.is_empty() {
        return None;
    }
    let scans = add.iter().any(|sql| sql.ends_with(" SET NOT NULL"));
    let blocks = |part: Part| {
        (step.hazards.iter())
            .filter(|hazard| hazard.code == HazardCode::BlocksWrites)
            .fold(part, |part, hazard| part.and_hazard(hazard.clone()))
    };
    let mut add = Part::of(step, Transaction::One, "for new values", add);
    if scans {
        add = blocks(add.with_hazards(step, |_| true));
    }
    let validate = Part::of(step, Transaction::None, "for all values", validate);
    Some(vec![
        add,
        blocks(validate.with_hazards(step, |_| true)).nobody_waits(),
    ])
}
