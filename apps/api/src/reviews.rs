//! Reviews: a coordinator assigns them, the reviewer scores by the rubric and completes them.

mod score;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use db::enums::{ApplicationStatus, ReviewStatus, UserRole};
use db::json::{Rubric, Scores};
use db::{programs, reviews, users};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryTrait as _, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::applications::locked;
use crate::audited::{Change, Entry};
use crate::etag::ETag;
use crate::identity::{Coordinator, Staff};
use crate::page::{self, Cursor, Limit, Page};
use crate::problem::{Code, Fault, Problem};
use crate::request::{At, Body, Query};
use crate::{access, openapi, scoring, transition};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(assign))
        .routes(routes!(show, score::edit, unassign))
        .routes(routes!(score::complete))
}

/// What a reviewer thinks of an application.
#[derive(Serialize, ToSchema)]
#[schema(as = Review)]
struct Shown {
    #[schema(value_type = openapi::Id)]
    id: Uuid,
    #[schema(value_type = openapi::Id)]
    application_id: Uuid,
    #[schema(value_type = openapi::Id)]
    reviewer_id: Uuid,
    #[schema(value_type = openapi::ReviewStatus)]
    status: ReviewStatus,
    /// The score by criterion id.
    scores: BTreeMap<String, f64>,
    comments: Option<String>,
    created_at: DateTime<Utc>,
    /// The whole by weight, 0 to 100, once every criterion has its score; of one review, not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<f64>,
}

impl Shown {
    fn of(row: reviews::Model, rubric: Option<&Rubric>) -> Self {
        Self {
            total: rubric.and_then(|rubric| scoring::total(rubric, &row.scores)),
            id: row.id,
            application_id: row.application_id,
            reviewer_id: row.reviewer_id,
            status: row.status,
            scores: row.scores.0,
            comments: row.comments,
            created_at: row.created_at,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewReview {
    #[schema(value_type = openapi::Id)]
    reviewer_id: Uuid,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Filter {
    #[param(value_type = Option<openapi::Id>, required = false)]
    application_id: Option<Uuid>,
    #[param(value_type = Option<openapi::ReviewStatus>, required = false)]
    status: Option<ReviewStatus>,
    #[param(value_type = Option<u64>, required = false, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    #[param(value_type = Option<String>, required = false)]
    cursor: Option<Cursor>,
}

/// Your reviews; all, for a coordinator
#[utoipa::path(get, path = "/v1/reviews", tag = "reviews", params(Filter),
    responses((status = 200, description = "A page", body = Page<Shown>)))]
async fn list(
    Staff(user): Staff,
    State(app): State<App>,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<Shown>>, Problem> {
    let select = access::reviews(&user)
        .apply_if(filter.application_id, |select, id| {
            select.filter(reviews::Column::ApplicationId.eq(id))
        })
        .apply_if(filter.status, |select, status| {
            select.filter(reviews::Column::Status.eq(status))
        });
    let key = (reviews::Column::CreatedAt, reviews::Column::Id);
    let select = page::select(select, key, filter.limit, filter.cursor);
    let rows = app.database().all(select).await?;
    let key = |row: &reviews::Model| (row.created_at, row.id);
    let shown = |row| Shown::of(row, None);
    Ok(Json(Page::of(rows, filter.limit, key, shown)))
}

/// One review
#[utoipa::path(get, path = "/v1/reviews/{id}", tag = "reviews", params(("id" = openapi::Id, Path)),
    responses((status = 200, description = "It", body = Shown, headers(("ETag" = String)))))]
async fn show(Staff(user): Staff, State(app): State<App>, At(id): At) -> Result<Response, Problem> {
    let select = access::reviews(&user).filter(reviews::Column::Id.eq(id));
    let row = app.database().one(select).await?;
    let row = row.ok_or_else(missing)?;
    let program = app
        .database()
        .one(
            programs::Entity::find()
                .filter(programs::Column::Id.in_subquery(program_of(row.application_id))),
        )
        .await?;
    let rubric = program.map(|program| program.rubric);
    Ok(ETag::of(&row).on(Json(Shown::of(row, rubric.as_ref()))))
}

/// Ask somebody for a review; for coordinators
#[utoipa::path(post, path = "/v1/applications/{id}/reviews", tag = "reviews", request_body = NewReview,
    params(("id" = openapi::Id, Path)),
    responses((status = 201, description = "Asked", body = Shown, headers(("ETag" = String), ("Location" = String)))))]
async fn assign(
    Coordinator(user): Coordinator,
    State(app): State<App>,
    At(id): At,
    Body(new): Body<NewReview>,
) -> Result<Response, Problem> {
    let change = Change::begin(&app, &user).await?;
    let application = locked(&change, &user, id).await?;
    match application.status {
        ApplicationStatus::Submitted | ApplicationStatus::UnderReview => {}
        other => {
            let label = transition::label(other);
            let detail = format!("an application that is `{label}` is not reviewed");
            return Err(Problem::new(Code::WrongState, detail));
        }
    }
    let reviewer = change
        .kept(users::Entity::find_by_id(new.reviewer_id))
        .await?;
    if reviewer.is_none_or(|user| user.role == UserRole::Applicant) {
        let fault = Fault::new("#/reviewer_id", "unknown", "no reviewer has this id");
        return Err(Problem::invalid(vec![fault]));
    }
    let row = change
        .insert(reviews::ActiveModel {
            application_id: Set(id),
            reviewer_id: Set(new.reviewer_id),
            scores: Set(Scores::default()),
            ..Default::default()
        })
        .await?;
    let entry = Entry::new("assigned", "reviews", row.id)
        .with(json!({ "application_id": id, "reviewer_id": new.reviewer_id }));
    change.commit(entry).await?;
    let location = [(header::LOCATION, format!("/v1/reviews/{}", row.id))];
    let tag = ETag::of(&row);
    let body = Json(Shown::of(row, None));
    Ok(tag.on((StatusCode::CREATED, location, body).into_response()))
}

/// Ask no longer for a review that is not completed; for coordinators
#[utoipa::path(delete, path = "/v1/reviews/{id}", tag = "reviews", params(("id" = openapi::Id, Path)),
    responses((status = 204, description = "Gone")))]
async fn unassign(
    Coordinator(user): Coordinator,
    State(app): State<App>,
    At(id): At,
) -> Result<StatusCode, Problem> {
    let (change, row) = score::locked_review(&app, &user, id).await?;
    if !transition::review_is_open(row.status) {
        return Err(Problem::new(Code::WrongState, "a completed review stays"));
    }
    let metadata = json!({ "application_id": row.application_id, "reviewer_id": row.reviewer_id });
    change.delete(row).await?;
    let entry = Entry::new("deleted", "reviews", id).with(metadata);
    change.commit(entry).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn missing() -> Problem {
    Problem::not_found("review")
}

fn program_of(application: Uuid) -> sea_orm::sea_query::SelectStatement {
    use sea_orm::QuerySelect as _;
    db::applications::Entity::find_by_id(application)
        .select_only()
        .column(db::applications::Column::ProgramId)
        .into_query()
}
