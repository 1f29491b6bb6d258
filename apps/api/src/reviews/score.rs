//! A reviewer scores, and says when it is done.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use db::enums::{ApplicationStatus, ReviewStatus};
use db::json::Scores;
use db::{programs, reviews};
use sea_orm::{ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, Set};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Shown, missing};
use crate::app::App;
use crate::applications::locked;
use crate::audited::{Change, Entry};
use crate::etag::{ETag, IfMatch};
use crate::identity::{Staff, User};
use crate::problem::{Code, Fault, Problem};
use crate::request::{At, Body};
use crate::{access, openapi, scoring, transition};

const COMMENTS: usize = 10_000;

/// What is to be another; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewChange {
    /// All scores there are to be, by criterion id.
    scores: Option<BTreeMap<String, f64>>,
    #[schema(max_length = 10000)]
    comments: Option<String>,
}

/// Score; for the reviewer
#[utoipa::path(patch, path = "/v1/reviews/{id}", tag = "reviews", request_body = ReviewChange,
    params(("id" = openapi::Id, Path), ("If-Match" = String, Header, description = "The `ETag` of what you read")),
    responses((status = 200, description = "Changed", body = Shown, headers(("ETag" = String)))))]
pub(super) async fn edit(
    Staff(user): Staff,
    State(app): State<App>,
    At(id): At,
    expected: IfMatch,
    Body(sent): Body<ReviewChange>,
) -> Result<Response, Problem> {
    let (change, row) = own(&app, &user, id).await?;
    expected.holds(&ETag::of(&row))?;
    let program = program(&change, &row).await?;
    let scores = sent.scores.map(Scores);
    let mut faults = Vec::new();
    if let Some(scores) = &scores {
        faults.extend(scoring::faults(&program.rubric, scores));
    }
    let comments = sent.comments.as_deref().unwrap_or_default();
    if comments.chars().count() > COMMENTS {
        let detail = "10000 characters at most";
        faults.push(Fault::new("#/comments", "length", detail));
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let mut next = row.into_active_model();
    next.status = Set(ReviewStatus::InProgress);
    if let Some(scores) = scores {
        next.scores = Set(scores);
    }
    if let Some(comments) = sent.comments {
        next.comments = Set(Some(comments).filter(|comments| !comments.is_empty()));
    }
    let row = change.update(next).await?;
    change.commit(Entry::new("updated", "reviews", id)).await?;
    Ok(ETag::of(&row).on(Json(Shown::of(row, Some(&program.rubric)))))
}

/// Say that a review is done; for the reviewer
#[utoipa::path(post, path = "/v1/reviews/{id}/complete", tag = "reviews", params(("id" = openapi::Id, Path)),
    responses((status = 200, description = "Done", body = Shown, headers(("ETag" = String)))))]
pub(super) async fn complete(
    Staff(user): Staff,
    State(app): State<App>,
    At(id): At,
) -> Result<Response, Problem> {
    let (change, row) = own(&app, &user, id).await?;
    let program = program(&change, &row).await?;
    let mut faults = scoring::missing(&program.rubric, &row.scores);
    faults.extend(scoring::faults(&program.rubric, &row.scores));
    if !faults.is_empty() {
        let problem = Problem::new(Code::Incomplete, "not every criterion has its score");
        return Err(problem.because(faults));
    }
    let from = row.status;
    let to = ReviewStatus::Completed;
    let mut next = row.into_active_model();
    next.status = Set(to);
    let row = change.update(next).await?;
    let entry = Entry::new("completed", "reviews", id).with(json!({ "from": from, "to": to }));
    change.commit(entry).await?;
    Ok(ETag::of(&row).on(Json(Shown::of(row, Some(&program.rubric)))))
}

/// The review, with its application locked before it.
pub(super) async fn locked_review(
    app: &App,
    user: &User,
    id: Uuid,
) -> Result<(Change, reviews::Model), Problem> {
    let (change, _, row) = both(app, user, id).await?;
    Ok((change, row))
}

/// The same, of somebody who may still score it.
async fn own(app: &App, user: &User, id: Uuid) -> Result<(Change, reviews::Model), Problem> {
    let (change, status, row) = both(app, user, id).await?;
    if row.reviewer_id != user.id() {
        return Err(Problem::forbidden());
    }
    if !transition::review_is_open(row.status) {
        return Err(Problem::new(
            Code::WrongState,
            "a completed review stays as it is",
        ));
    }
    if status != ApplicationStatus::UnderReview {
        let label = transition::label(status);
        let detail = format!("an application that is `{label}` is not being reviewed");
        return Err(Problem::new(Code::WrongState, detail));
    }
    Ok((change, row))
}

async fn both(
    app: &App,
    user: &User,
    id: Uuid,
) -> Result<(Change, ApplicationStatus, reviews::Model), Problem> {
    let select = || access::reviews(user).filter(reviews::Column::Id.eq(id));
    let seen = app.database().one(select()).await?;
    let seen = seen.ok_or_else(missing)?;
    let change = Change::begin(app, user).await?;
    let application = locked(&change, user, seen.application_id).await?;
    let row = change.locked(select()).await?.ok_or_else(missing)?;
    Ok((change, application.status, row))
}

async fn program(change: &Change, row: &reviews::Model) -> Result<programs::Model, Problem> {
    let select = programs::Entity::find()
        .filter(programs::Column::Id.in_subquery(super::program_of(row.application_id)));
    change.kept(select).await?.ok_or_else(missing)
}
