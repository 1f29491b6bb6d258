//! Programs of several kinds, all with the stages and the rubric of the volunteers' one.

use db::enums::ProgramStatus;
use db::programs::{Column, Entity, Model};
use rand::RngExt;
use seachange::seed::{Row, Spread};

use super::cohort::{Cohort, days, opened};
use crate::fixtures::volunteers;

const KINDS: [(&str, &str); 4] = [
    (
        "Volunteers",
        "help on the wards and at the information desk",
    ),
    ("Shadowing", "accompany a physician for a week"),
    ("Research", "work in a laboratory for a term"),
    ("Patient guides", "show patients and visitors the way"),
];

pub(super) fn model(cohort: &Cohort) -> impl Fn(Row<Entity>) -> Model + Send + Sync + 'static {
    let staff = cohort.staff.clone();
    let volunteers = volunteers();
    move |row| {
        let (kind, what) = KINDS[row.chance(Column::Name).random_range(0..KINDS.len())];
        let creator = row.pick(Column::CreatorId, &staff, Spread::Skewed(3));
        Model {
            id: row.uuid(Column::Id),
            name: format!("{kind}, group {}", row.number() + 1),
            description: format!("Participants {what}."),
            export_mapping: row.maybe(Column::ExportMapping, 0.8, || {
                volunteers.export_mapping.clone().unwrap_or_default()
            }),
            creator_id: creator.uuid(db::users::Column::Id),
            status: row.weighted(
                Column::Status,
                &[
                    (ProgramStatus::Active, 8),
                    (ProgramStatus::Archived, 3),
                    (ProgramStatus::Draft, 1),
                ],
            ),
            created_at: row.between(Column::CreatedAt, opened() - days(20), opened()),
            ..volunteers.clone()
        }
    }
}
