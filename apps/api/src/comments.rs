//! What staff say about an application. Comments are added, and stay.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use db::comments;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::applications::{locked, seen};
use crate::audited::{Change, Entry};
use crate::identity::Staff;
use crate::openapi;
use crate::page::{self, Cursor, Limit, Page};
use crate::problem::{Fault, Problem};
use crate::request::{At, Body, Query};

const CONTENT: usize = 10_000;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create))
}

/// A note of the staff.
#[derive(Serialize, ToSchema)]
#[schema(as = Comment)]
struct Shown {
    #[schema(value_type = openapi::Id)]
    id: Uuid,
    #[schema(value_type = openapi::Id)]
    application_id: Uuid,
    /// Null, when the account is gone.
    #[schema(value_type = Option<openapi::Id>)]
    author_id: Option<Uuid>,
    content: String,
    created_at: DateTime<Utc>,
}

impl From<comments::Model> for Shown {
    fn from(row: comments::Model) -> Self {
        Self {
            id: row.id,
            application_id: row.application_id,
            author_id: row.author_id,
            content: row.content,
            created_at: row.created_at,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewComment {
    #[schema(
        min_length = 1,
        max_length = 10000,
        example = "Ready for the interview"
    )]
    content: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Filter {
    #[param(value_type = Option<u64>, required = false, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    #[param(value_type = Option<String>, required = false)]
    cursor: Option<Cursor>,
}

/// The comments on an application; for staff
#[utoipa::path(get, path = "/v1/applications/{id}/comments", tag = "comments",
    params(("id" = openapi::Id, Path), Filter),
    responses((status = 200, description = "A page", body = Page<Shown>)))]
async fn list(
    Staff(user): Staff,
    State(app): State<App>,
    At(id): At,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<Shown>>, Problem> {
    seen(&app, &user, id).await?;
    let select = comments::Entity::find().filter(comments::Column::ApplicationId.eq(id));
    let key = (comments::Column::CreatedAt, comments::Column::Id);
    let select = page::select(select, key, filter.limit, filter.cursor);
    let rows = app.database().all(select).await?;
    let key = |row: &comments::Model| (row.created_at, row.id);
    Ok(Json(Page::of(rows, filter.limit, key, Shown::from)))
}

/// Comment on an application; for staff
#[utoipa::path(post, path = "/v1/applications/{id}/comments", tag = "comments", request_body = NewComment,
    params(("id" = openapi::Id, Path)),
    responses((status = 201, description = "Said", body = Shown)))]
async fn create(
    Staff(user): Staff,
    State(app): State<App>,
    At(id): At,
    Body(new): Body<NewComment>,
) -> Result<Response, Problem> {
    let change = Change::begin(&app, &user).await?;
    locked(&change, &user, id).await?;
    let length = new.content.chars().count();
    if new.content.trim().is_empty() || length > CONTENT {
        let fault = Fault::new("#/content", "length", "1 to 10000 characters");
        return Err(Problem::invalid(vec![fault]));
    }
    let row = change
        .insert(comments::ActiveModel {
            application_id: Set(id),
            author_id: Set(Some(user.id())),
            content: Set(new.content),
            ..Default::default()
        })
        .await?;
    let entry = Entry::new("created", "comments", row.id).with(json!({ "application_id": id }));
    change.commit(entry).await?;
    Ok((StatusCode::CREATED, Json(Shown::from(row))).into_response())
}
