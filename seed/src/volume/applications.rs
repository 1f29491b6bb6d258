//! Applications: one or a few of each applicant, each to another program.

use chrono::{DateTime, Utc};
use db::applications::{Column, Entity, Model};
use db::enums::ApplicationStatus;
use rand::RngExt;
use seachange::seed::Row;

use super::cohort::{Cohort, days};
use super::users;
use crate::fixtures::{answers, history, volunteers};

/// Most applicants have one, some have two or three, some have none; the staff has none.
pub(super) fn count(
    staff: u64,
    programs: u64,
) -> impl Fn(Row<db::users::Entity>) -> u64 + Send + Sync + 'static {
    move |user| match user.number() < staff {
        true => 0,
        false => {
            const COUNTS: [u64; 10] = [0, 1, 1, 1, 1, 1, 1, 1, 2, 3];
            COUNTS[user.about("applications").random_range(0..COUNTS.len())].min(programs)
        }
    }
}

pub(super) fn model(cohort: &Cohort) -> impl Fn(Row<Entity>) -> Model + Send + Sync + 'static {
    let cohort = cohort.clone();
    let stages = volunteers().stages;
    let staff = cohort.staff.count();
    let user = users::model(staff);
    move |row| {
        let applicant = user(row.parent(&cohort.users));
        let id = row.uuid(Column::Id);
        let (status, created_at) = (status(row), created_at(&cohort, row));
        let current_stage = stage(status);
        let mut chance = row.chance(Column::Data);
        Model {
            id,
            program_id: row
                .distinct(Column::ProgramId, &cohort.programs)
                .uuid(db::programs::Column::Id),
            applicant_id: applicant.id,
            current_stage,
            status,
            data: answers(id, &stages, current_stage, &applicant, &mut chance),
            created_at,
            updated_at: history(status, created_at)
                .last()
                .map_or(created_at, |(at, _)| *at),
        }
    }
}

pub(super) fn status(row: Row<Entity>) -> ApplicationStatus {
    use ApplicationStatus::{Accepted, Draft, Rejected, Submitted, UnderReview, Waitlisted};
    row.weighted(
        Column::Status,
        &[
            (Draft, 15),
            (Submitted, 20),
            (UnderReview, 25),
            (Accepted, 20),
            (Rejected, 15),
            (Waitlisted, 5),
        ],
    )
}

/// The stage where applications of a state are.
pub(super) fn stage(status: ApplicationStatus) -> i32 {
    match status {
        ApplicationStatus::Draft => 1,
        ApplicationStatus::Submitted => 3,
        ApplicationStatus::UnderReview
        | ApplicationStatus::Rejected
        | ApplicationStatus::Waitlisted => 4,
        ApplicationStatus::Accepted => 5,
    }
}

/// After the applicant has registered.
pub(super) fn created_at(cohort: &Cohort, row: Row<Entity>) -> DateTime<Utc> {
    let applicant = row.parent(&cohort.users);
    let registered = users::created_at(applicant, cohort.staff.count());
    row.between(Column::CreatedAt, registered, registered + days(30))
}
