//! Programs: what can be applied to. Coordinators define, open and close them.

mod change;
mod shown;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use db::enums::ProgramStatus;
use db::programs;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryTrait as _};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::etag::ETag;
use crate::identity::User;
use crate::page::{self, Cursor, Limit, Page};
use crate::problem::Problem;
use crate::request::{At, Query};
use crate::{access, openapi};

use shown::Shown;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, change::create))
        .routes(routes!(show, change::edit))
        .routes(routes!(change::transit))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Filter {
    #[param(value_type = Option<openapi::ProgramStatus>, required = false)]
    status: Option<ProgramStatus>,
    #[param(value_type = Option<u64>, required = false, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    #[param(value_type = Option<String>, required = false)]
    cursor: Option<Cursor>,
}

/// The programs that you may see
#[utoipa::path(get, path = "/v1/programs", tag = "programs", params(Filter),
    responses((status = 200, description = "A page", body = Page<Shown>)))]
async fn list(
    user: User,
    State(app): State<App>,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<Shown>>, Problem> {
    let select = access::programs(&user).apply_if(filter.status, |select, status| {
        select.filter(programs::Column::Status.eq(status))
    });
    let key = (programs::Column::CreatedAt, programs::Column::Id);
    let select = page::select(select, key, filter.limit, filter.cursor);
    let rows = app.database().all(select).await?;
    let key = |row: &programs::Model| (row.created_at, row.id);
    Ok(Json(Page::of(rows, filter.limit, key, |row| {
        Shown::to(&user, row)
    })))
}

/// One program
#[utoipa::path(get, path = "/v1/programs/{id}", tag = "programs", params(("id" = openapi::Id, Path)),
    responses((status = 200, description = "It", body = Shown, headers(("ETag" = String)))))]
async fn show(user: User, State(app): State<App>, At(id): At) -> Result<Response, Problem> {
    let select = access::programs(&user).filter(programs::Column::Id.eq(id));
    let row = app.database().one(select).await?;
    let row = row.ok_or_else(|| Problem::not_found("program"))?;
    Ok(ETag::of(&row).on(Json(Shown::to(&user, row))))
}
