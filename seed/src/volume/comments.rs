//! What the staff and the applicant say to each other about an application.

use db::comments::{Column, Entity, Model};
use fake::Fake;
use fake::faker::lorem::en::Sentences;
use rand::RngExt;
use seachange::seed::{Row, Spread};

use super::applications;
use super::cohort::{Cohort, days};

pub(super) fn count(application: Row<db::applications::Entity>) -> u64 {
    const COUNTS: [u64; 8] = [0, 0, 0, 1, 1, 2, 3, 6];
    COUNTS[application.about("comments").random_range(0..COUNTS.len())]
}

/// One in fifty was left by somebody who is gone.
pub(super) fn model(cohort: &Cohort) -> impl Fn(Row<Entity>) -> Model + Send + Sync + 'static {
    let cohort = cohort.clone();
    move |row| {
        let application = row.parent(&cohort.applications);
        let begun = applications::created_at(&cohort, application);
        let sentences: Vec<String> =
            Sentences(1..4).fake_with_rng(&mut row.chance(Column::Content));
        Model {
            id: row.uuid(Column::Id),
            application_id: application.uuid(db::applications::Column::Id),
            author_id: row.maybe(Column::AuthorId, 0.98, || {
                let author = match row.about("author is the applicant").random_bool(0.4) {
                    true => application.parent(&cohort.users),
                    false => row.pick(Column::AuthorId, &cohort.staff, Spread::Skewed(2)),
                };
                author.uuid(db::users::Column::Id)
            }),
            content: sentences.join(" "),
            created_at: row.between(Column::CreatedAt, begun, begun + days(30)),
        }
    }
}
