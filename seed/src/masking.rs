//! What of CohortFlow's rows may be seen in a sample of a real database. Whatever is not named here is
//! masked: who somebody is, what somebody wrote, and what is added to an entity tomorrow.

use db::{applications, audit_logs, programs, reviews, users};
use seachange::sample::{Mask, Masking};

pub(crate) fn masking() -> Masking {
    let masking = Masking::new()
        // Not by their looks: an address without a dot would become a bare digest.
        .with(users::Column::Email, Mask::Email)
        .with(users::Column::Name, Mask::Person)
        .with(users::Column::PhoneNumber, Mask::Phone)
        .safe(users::Column::Role);
    let masking = masking
        // What a program asks and how it is scored; whoever made it is masked.
        .safe(programs::Column::Name)
        .safe(programs::Column::Description)
        .safe(programs::Column::Stages)
        .safe(programs::Column::Rubric)
        .safe(programs::Column::ExportMapping)
        .safe(programs::Column::Status);
    masking
        // Where an application stands; its answers are masked, by field.
        .safe(applications::Column::CurrentStage)
        .safe(applications::Column::Status)
        .safe(reviews::Column::Scores)
        .safe(reviews::Column::Status)
        // What was done to which table; the row and the metadata are masked.
        .safe(audit_logs::Column::Action)
        .safe(audit_logs::Column::Resource)
}
