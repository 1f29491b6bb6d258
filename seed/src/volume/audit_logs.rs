//! The trace of every application: begun, and each change of its state.

use db::audit_logs::{Column, Entity, Model};
use db::enums::ApplicationStatus;
use sea_orm::ActiveEnum;
use seachange::seed::{Row, Spread};
use serde_json::json;

use super::applications;
use super::cohort::{Cohort, opened};
use crate::fixtures::history;

pub(super) fn count(application: Row<db::applications::Entity>) -> u64 {
    1 + history(applications::status(application), opened()).len() as u64
}

pub(super) fn model(cohort: &Cohort) -> impl Fn(Row<Entity>) -> Model + Send + Sync + 'static {
    let cohort = cohort.clone();
    move |row| {
        let application = row.parent(&cohort.applications);
        let begun = applications::created_at(&cohort, application);
        let changes = history(applications::status(application), begun);
        let applicant = application.parent(&cohort.users);
        let entry = |user: Row<db::users::Entity>, action: &str, metadata, created_at| Model {
            id: row.uuid(Column::Id),
            user_id: user.uuid(db::users::Column::Id),
            action: action.to_owned(),
            resource: "applications".to_owned(),
            resource_id: Some(application.uuid(db::applications::Column::Id)),
            metadata,
            created_at,
        };
        let Some(change) = (row.ordinal() as usize).checked_sub(1) else {
            return entry(applicant, "created", None, begun);
        };
        let (at, to) = changes[change];
        let from = match change {
            0 => ApplicationStatus::Draft,
            later => changes[later - 1].1,
        };
        let user = match to {
            ApplicationStatus::Submitted => applicant,
            _ => row.pick(Column::UserId, &cohort.staff, Spread::Skewed(2)),
        };
        let metadata = json!({ "from": from.to_value(), "to": to.to_value() });
        entry(user, "status_changed", Some(metadata), at)
    }
}
