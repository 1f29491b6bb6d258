//! What was handed in with an application that has come as far as the documents.

use db::files::{Column, Entity, Model};
use rand::RngExt;
use seachange::seed::Row;

use super::applications;
use super::cohort::{Cohort, days};

const NAMES: [&str; 5] = ["cv", "immunization", "identity", "reference", "certificate"];

pub(super) fn count(application: Row<db::applications::Entity>) -> u64 {
    match applications::stage(applications::status(application)) {
        0..3 => 0,
        _ => application.about("files").random_range(1..=3),
    }
}

pub(super) fn model(cohort: &Cohort) -> impl Fn(Row<Entity>) -> Model + Send + Sync + 'static {
    let cohort = cohort.clone();
    move |row| {
        let application = row.parent(&cohort.applications);
        let application_id = application.uuid(db::applications::Column::Id);
        let applicant = application.parent(&cohort.users);
        let begun = applications::created_at(&cohort, application);
        let name = NAMES[row.chance(Column::Filename).random_range(0..NAMES.len())];
        let filename = format!("{name}-{}.pdf", row.ordinal() + 1);
        Model {
            id: row.uuid(Column::Id),
            application_id,
            url: format!("https://files.cohortflow.org/{application_id}/{filename}"),
            filename,
            uploaded_by: applicant.uuid(db::users::Column::Id),
            created_at: row.between(Column::CreatedAt, begun, begun + days(2)),
        }
    }
}
