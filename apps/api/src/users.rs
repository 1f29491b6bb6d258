//! People, as far as the API is about them: who is signed in, and whom a coordinator can assign. Accounts are made
//! elsewhere.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::enums::UserRole;
use db::users;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryTrait as _};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::identity::{Coordinator, User};
use crate::openapi;
use crate::page::{self, Cursor, Limit, Page};
use crate::problem::Problem;
use crate::request::Query;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(list))
}

/// Somebody.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
struct Shown {
    #[schema(value_type = openapi::Id)]
    id: Uuid,
    #[schema(example = "coordinator@cohortflow.org")]
    email: String,
    name: String,
    #[schema(value_type = openapi::UserRole)]
    role: UserRole,
    phone_number: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<users::Model> for Shown {
    fn from(user: users::Model) -> Self {
        Self {
            id: user.id,
            email: user.email,
            name: user.name,
            role: user.role,
            phone_number: user.phone_number,
            created_at: user.created_at,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Filter {
    #[param(value_type = Option<openapi::UserRole>, required = false)]
    role: Option<UserRole>,
    #[param(value_type = Option<u64>, required = false, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    #[param(value_type = Option<String>, required = false)]
    cursor: Option<Cursor>,
}

/// Who is signed in
#[utoipa::path(get, path = "/v1/me", tag = "users", responses((status = 200, description = "You", body = Shown)))]
async fn me(User(user): User) -> Json<Shown> {
    Json(user.into())
}

/// Everybody; for coordinators
#[utoipa::path(get, path = "/v1/users", tag = "users", params(Filter),
    responses((status = 200, description = "A page", body = Page<Shown>)))]
async fn list(
    Coordinator(_): Coordinator,
    State(app): State<App>,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<Shown>>, Problem> {
    let select = users::Entity::find().apply_if(filter.role, |select, role| {
        select.filter(users::Column::Role.eq(role))
    });
    let key = (users::Column::CreatedAt, users::Column::Id);
    let select = page::select(select, key, filter.limit, filter.cursor);
    let rows = app.database().all(select).await?;
    let key = |row: &users::Model| (row.created_at, row.id);
    Ok(Json(Page::of(rows, filter.limit, key, Shown::from)))
}
