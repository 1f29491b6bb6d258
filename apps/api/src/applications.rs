//! Applications: an applicant's way through a program. What is answered in `edit`, how it goes on in `progress`.

mod edit;
mod progress;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use db::applications;
use db::enums::ApplicationStatus;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryTrait as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::audited::Change;
use crate::etag::ETag;
use crate::identity::User;
use crate::page::{self, Cursor, Limit, Page};
use crate::problem::Problem;
use crate::request::{At, Query};
use crate::{access, openapi};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, edit::create))
        .routes(routes!(show, edit::edit, edit::withdraw))
        .routes(routes!(progress::transit))
        .routes(routes!(progress::advance))
}

/// An applicant's way through a program.
#[derive(Serialize, ToSchema)]
#[schema(as = Application)]
struct Shown {
    #[schema(value_type = openapi::Id)]
    id: Uuid,
    #[schema(value_type = openapi::Id)]
    program_id: Uuid,
    #[schema(value_type = openapi::Id)]
    applicant_id: Uuid,
    #[schema(value_type = openapi::ApplicationStatus)]
    status: ApplicationStatus,
    /// The place of the stage that is to be answered, from 0 on.
    #[schema(minimum = 0)]
    current_stage: i32,
    /// The answers by field id.
    #[schema(value_type = Object)]
    data: Value,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<applications::Model> for Shown {
    fn from(row: applications::Model) -> Self {
        Self {
            id: row.id,
            program_id: row.program_id,
            applicant_id: row.applicant_id,
            status: row.status,
            current_stage: row.current_stage,
            data: row.data,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Filter {
    #[param(value_type = Option<openapi::Id>, required = false)]
    program_id: Option<Uuid>,
    #[param(value_type = Option<openapi::ApplicationStatus>, required = false)]
    status: Option<ApplicationStatus>,
    #[param(value_type = Option<u64>, required = false, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    #[param(value_type = Option<String>, required = false)]
    cursor: Option<Cursor>,
}

/// The applications that you may see
#[utoipa::path(get, path = "/v1/applications", tag = "applications", params(Filter),
    responses((status = 200, description = "A page", body = Page<Shown>)))]
async fn list(
    user: User,
    State(app): State<App>,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<Shown>>, Problem> {
    let select = access::applications(&user)
        .apply_if(filter.program_id, |select, id| {
            select.filter(applications::Column::ProgramId.eq(id))
        })
        .apply_if(filter.status, |select, status| {
            select.filter(applications::Column::Status.eq(status))
        });
    let key = (applications::Column::CreatedAt, applications::Column::Id);
    let select = page::select(select, key, filter.limit, filter.cursor);
    let rows = app.database().all(select).await?;
    let key = |row: &applications::Model| (row.created_at, row.id);
    Ok(Json(Page::of(rows, filter.limit, key, Shown::from)))
}

/// One application
#[utoipa::path(get, path = "/v1/applications/{id}", tag = "applications", params(("id" = openapi::Id, Path)),
    responses((status = 200, description = "It", body = Shown, headers(("ETag" = String)))))]
async fn show(user: User, State(app): State<App>, At(id): At) -> Result<Response, Problem> {
    let row = seen(&app, &user, id).await?;
    Ok(ETag::of(&row).on(Json(Shown::from(row))))
}

/// The application, if the user may see it.
pub(crate) async fn seen(app: &App, user: &User, id: Uuid) -> Result<applications::Model, Problem> {
    let select = access::applications(user).filter(applications::Column::Id.eq(id));
    let row = app.database().one(select).await?;
    row.ok_or_else(|| Problem::not_found("application"))
}

/// The same, which nobody else changes until the change ends. Whatever belongs to an application locks it first.
pub(crate) async fn locked(
    change: &Change,
    user: &User,
    id: Uuid,
) -> Result<applications::Model, Problem> {
    let select = access::applications(user).filter(applications::Column::Id.eq(id));
    let row = change.locked(select).await?;
    row.ok_or_else(|| Problem::not_found("application"))
}
