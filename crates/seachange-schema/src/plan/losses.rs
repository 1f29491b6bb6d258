//! What a way back can't restore, and what goes with a composite's attributes.

use super::hazard::{Hazard, HazardCode};
use super::labels;
use crate::change::{Changes, Direction};
use crate::model::{Object, ObjectId, SequenceOptions};
use crate::needs::Needs;
use crate::render::starts_anew;

/// What is lost when something is made, or made anew.
pub(super) fn when_made(id: &ObjectId, object: &Object, changes: &Changes) -> Vec<Hazard> {
    let back = changes.direction == Direction::Down;
    let lost = |message: String, help: &str| {
        vec![Hazard::new(HazardCode::NotRestored, id.plain(), message).help(help)]
    };
    match object {
        Object::Table(_) if back => lost(
            format!(
                "{} comes back empty: its rows can't be restored",
                id.plain()
            ),
            "keep a backup if they matter",
        ),
        Object::Sequence(sequence) if back && sequence.owned_by.is_none() => lost(
            format!(
                "{} starts anew: where it stood can't be restored",
                id.plain()
            ),
            "",
        ),
        _ => when_altered(id, changes),
    }
}

/// What is lost when something changes.
pub(super) fn when_altered(id: &ObjectId, changes: &Changes) -> Vec<Hazard> {
    let mut lost = labels::not_restored(id, changes);
    lost.extend(attributes(id, changes));
    lost.extend(turned_round(id, changes));
    lost
}

/// A sequence that has no place between its new bounds starts anew.
fn turned_round(id: &ObjectId, changes: &Changes) -> Option<Hazard> {
    fn options(object: Option<&Object>) -> Option<&SequenceOptions> {
        match object? {
            Object::Sequence(sequence) => Some(&sequence.options),
            Object::Column(column) => Some(&column.identity.as_ref()?.options),
            _ => None,
        }
    }
    let before = options(changes.previous.get(id))?;
    let after = options(changes.next.get(id))?;
    let lost = changes.direction == Direction::Down && starts_anew(before, after);
    lost.then(|| {
        Hazard::new(
            HazardCode::NotRestored,
            id.plain(),
            format!(
                "{} counts from its start: where it stood can't be restored",
                id.plain()
            ),
        )
    })
}

/// What is to be said of a composite whose attributes change.
fn attributes(id: &ObjectId, changes: &Changes) -> Vec<Hazard> {
    let (Some(Object::Composite(before)), Some(Object::Composite(after))) =
        (changes.previous.get(id), changes.next.get(id))
    else {
        return Vec::new();
    };
    let needs = Needs::of(&changes.previous);
    let columns: Vec<&ObjectId> = needs
        .dependents(id)
        .filter(|dependent| matches!(dependent, ObjectId::Column { .. }))
        .collect();
    let mut found = Vec::new();
    for column in columns {
        let subject = column.plain();
        for attribute in &before.attributes {
            if !(after.attributes.iter()).any(|other| other.name == attribute.name) {
                let name = attribute.name.as_str();
                found.push(Hazard::new(
                    HazardCode::DropsData,
                    subject.clone(),
                    format!("drops what {subject} holds as {name}"),
                ));
            }
        }
        for attribute in &after.attributes {
            if changes.direction == Direction::Down
                && !(before.attributes.iter()).any(|other| other.name == attribute.name)
            {
                let name = attribute.name.as_str();
                found.push(
                    Hazard::new(
                        HazardCode::NotRestored,
                        subject.clone(),
                        format!("{name} comes back empty in {subject}: what was dropped can't be restored"),
                    )
                    .help("keep a backup if they matter"),
                );
            }
        }
    }
    found
}
