//! Reviews as far as an application's state has let them come, no reviewer twice.

use db::enums::{ApplicationStatus, ReviewStatus};
use db::json::{Criterion, Scores};
use db::reviews::{Column, Entity, Model};
use fake::Fake;
use fake::faker::lorem::en::Sentence;
use rand::RngExt;
use seachange::seed::Row;

use super::applications;
use super::cohort::{Cohort, days};
use crate::fixtures::volunteers;

pub(super) fn count(
    cohort: &Cohort,
) -> impl Fn(Row<db::applications::Entity>) -> u64 + Send + Sync + 'static {
    let staff = cohort.staff.count();
    move |application| {
        let reviews = match applications::status(application) {
            ApplicationStatus::Draft => 0,
            ApplicationStatus::Submitted => application.about("reviews").random_range(0..=2),
            ApplicationStatus::UnderReview => application.about("reviews").random_range(1..=3),
            ApplicationStatus::Accepted
            | ApplicationStatus::Rejected
            | ApplicationStatus::Waitlisted => 3,
        };
        reviews.min(staff)
    }
}

pub(super) fn model(cohort: &Cohort) -> impl Fn(Row<Entity>) -> Model + Send + Sync + 'static {
    let cohort = cohort.clone();
    let rubric = volunteers().rubric;
    move |row| {
        let application = row.parent(&cohort.applications);
        let status = status(row, applications::status(application));
        let submitted = applications::created_at(&cohort, application) + days(2);
        Model {
            id: row.uuid(Column::Id),
            application_id: application.uuid(db::applications::Column::Id),
            reviewer_id: row
                .distinct(Column::ReviewerId, &cohort.staff)
                .uuid(db::users::Column::Id),
            scores: scores(row, status, &rubric.0),
            comments: (status == ReviewStatus::Completed)
                .then(|| Sentence(4..15).fake_with_rng(&mut row.chance(Column::Comments))),
            status,
            created_at: row.between(Column::CreatedAt, submitted, submitted + days(10)),
        }
    }
}

fn status(row: Row<Entity>, application: ApplicationStatus) -> ReviewStatus {
    use ReviewStatus::{Completed, InProgress, Pending};
    match application {
        ApplicationStatus::Draft | ApplicationStatus::Submitted => Pending,
        ApplicationStatus::UnderReview => row.weighted(
            Column::Status,
            &[(Pending, 2), (InProgress, 3), (Completed, 2)],
        ),
        ApplicationStatus::Accepted
        | ApplicationStatus::Rejected
        | ApplicationStatus::Waitlisted => Completed,
    }
}

/// Whole steps of each criterion's scale; half the criteria while the review is under way.
fn scores(row: Row<Entity>, status: ReviewStatus, rubric: &[Criterion]) -> Scores {
    let scored = match status {
        ReviewStatus::Pending => 0,
        ReviewStatus::InProgress => rubric.len() / 2,
        ReviewStatus::Completed => rubric.len(),
    };
    let mut chance = row.chance(Column::Scores);
    let mut step = |criterion: &Criterion| {
        let steps = (criterion.scale.max - criterion.scale.min) as u32;
        criterion.scale.min + f64::from(chance.random_range(0..=steps))
    };
    Scores(
        rubric
            .iter()
            .take(scored)
            .map(|criterion| (criterion.id.clone(), step(criterion)))
            .collect(),
    )
}
