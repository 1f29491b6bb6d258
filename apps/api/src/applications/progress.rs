//! How an application goes on: from status to status, and from stage to stage.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use chrono::Utc;
use db::enums::{ApplicationStatus, ProgramStatus, ReviewStatus, UserRole};
use db::{applications, programs, reviews};
use sea_orm::{ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, Set};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::edit::{closed, current, file_ids, given, program};
use super::{Shown, locked};
use crate::app::App;
use crate::audited::{Change, Entry};
use crate::etag::ETag;
use crate::identity::User;
use crate::problem::{Code, Fault, Problem, pointer};
use crate::request::{At, Body};
use crate::transition::{self, Move};
use crate::{answers, openapi};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationTransition {
    #[schema(value_type = openapi::ApplicationStatus)]
    to: ApplicationStatus,
}

/// Hand in, send back, review, decide
#[utoipa::path(post, path = "/v1/applications/{id}/transitions", tag = "applications",
    request_body = ApplicationTransition, params(("id" = openapi::Id, Path)),
    responses((status = 200, description = "Done", body = Shown, headers(("ETag" = String)))))]
pub(super) async fn transit(
    user: User,
    State(app): State<App>,
    At(id): At,
    Body(ApplicationTransition { to }): Body<ApplicationTransition>,
) -> Result<Response, Problem> {
    never_reviewers(&user)?;
    let change = Change::begin(&app, &user).await?;
    let row = locked(&change, &user, id).await?;
    let from = row.status;
    let step = Move::between(from, to).ok_or_else(|| transition::refused(from, to))?;
    if step.belongs_to() != user.role() {
        return Err(Problem::forbidden());
    }
    match step {
        Move::Submit => {
            let program = program(&change, &row).await?;
            if program.status != ProgramStatus::Active {
                return Err(closed());
            }
            complete(&change, &row, &program, Through::Beginning).await?;
        }
        Move::Decide => reviewed(&change, &row).await?,
        Move::SendBack | Move::Review | Move::Call => {}
    }
    let mut next = row.into_active_model();
    next.status = Set(to);
    next.updated_at = Set(Utc::now());
    let row = change.update(next).await?;
    let entry =
        Entry::new("status_changed", "applications", id).with(json!({ "from": from, "to": to }));
    change.commit(entry).await?;
    Ok(ETag::of(&row).on(Json(Shown::from(row))))
}

/// Go on to the next stage: a draft's applicant, afterwards a coordinator
#[utoipa::path(post, path = "/v1/applications/{id}/advance", tag = "applications",
    params(("id" = openapi::Id, Path)),
    responses((status = 200, description = "Done", body = Shown, headers(("ETag" = String)))))]
pub(super) async fn advance(
    user: User,
    State(app): State<App>,
    At(id): At,
) -> Result<Response, Problem> {
    never_reviewers(&user)?;
    let change = Change::begin(&app, &user).await?;
    let row = locked(&change, &user, id).await?;
    let whose = match row.status {
        ApplicationStatus::Draft => UserRole::Applicant,
        ApplicationStatus::Rejected => {
            return Err(Problem::new(
                Code::WrongState,
                "a rejected application goes no further",
            ));
        }
        ApplicationStatus::Submitted
        | ApplicationStatus::UnderReview
        | ApplicationStatus::Waitlisted
        | ApplicationStatus::Accepted => UserRole::Coordinator,
    };
    if whose != user.role() {
        return Err(Problem::forbidden());
    }
    let program = program(&change, &row).await?;
    let from = row.current_stage;
    if current(&row, &program.stages.0) + 1 >= program.stages.0.len() {
        return Err(Problem::new(Code::WrongState, "this is the last stage"));
    }
    complete(&change, &row, &program, Through::Current).await?;
    let mut next = row.into_active_model();
    next.current_stage = Set(from + 1);
    next.updated_at = Set(Utc::now());
    let row = change.update(next).await?;
    let entry =
        Entry::new("advanced", "applications", id).with(json!({ "from": from, "to": from + 1 }));
    change.commit(entry).await?;
    Ok(ETag::of(&row).on(Json(Shown::from(row))))
}

fn never_reviewers(user: &User) -> Result<(), Problem> {
    match user.role() {
        UserRole::Reviewer => Err(Problem::forbidden()),
        UserRole::Applicant | UserRole::Coordinator => Ok(()),
    }
}

/// Which stages have to be answered.
enum Through {
    /// All up to the current one.
    Beginning,
    /// The current one.
    Current,
}

async fn complete(
    change: &Change,
    row: &applications::Model,
    program: &programs::Model,
    through: Through,
) -> Result<(), Problem> {
    let stages = &program.stages.0;
    let current = current(row, stages);
    let from = match through {
        Through::Beginning => 0,
        Through::Current => current,
    };
    let stages = stages.get(from..=current).unwrap_or(stages);
    let faults = answers::unfinished(&given(row), stages, &file_ids(change, row.id).await?);
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Problem::new(
            Code::Incomplete,
            "not everything is answered as it has to be",
        )
        .because(faults)),
    }
}

/// A decision needs every review that was asked for, and one at least.
async fn reviewed(change: &Change, row: &applications::Model) -> Result<(), Problem> {
    let select = reviews::Entity::find().filter(reviews::Column::ApplicationId.eq(row.id));
    let reviews = change.all(select).await?;
    let open = reviews
        .iter()
        .filter(|review| review.status != ReviewStatus::Completed);
    let mut faults: Vec<Fault> = open
        .map(|review| {
            let at = pointer(["reviews", &review.id.to_string()]);
            Fault::new(at, "unfinished", "this review is not completed")
        })
        .collect();
    if reviews.is_empty() {
        faults.push(Fault::new(
            "#/reviews",
            "required",
            "nobody has reviewed it",
        ));
    }
    match faults.is_empty() {
        true => Ok(()),
        false => {
            Err(Problem::new(Code::Incomplete, "its reviews are not completed").because(faults))
        }
    }
}
