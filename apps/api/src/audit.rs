//! Who did what, for coordinators. Written by `audited` alone.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::audit_logs;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryTrait as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::identity::Coordinator;
use crate::openapi;
use crate::page::{self, Cursor, Limit, Page};
use crate::problem::Problem;
use crate::request::Query;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Something that somebody did.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEntry)]
struct Shown {
    #[schema(value_type = openapi::Id)]
    id: Uuid,
    #[schema(value_type = openapi::Id)]
    user_id: Uuid,
    #[schema(example = "status_changed")]
    action: String,
    #[schema(example = "applications")]
    resource: String,
    #[schema(value_type = Option<openapi::Id>)]
    resource_id: Option<Uuid>,
    metadata: Option<Value>,
    created_at: DateTime<Utc>,
}

impl From<audit_logs::Model> for Shown {
    fn from(row: audit_logs::Model) -> Self {
        Self {
            id: row.id,
            user_id: row.user_id,
            action: row.action,
            resource: row.resource,
            resource_id: row.resource_id,
            metadata: row.metadata,
            created_at: row.created_at,
        }
    }
}

/// What something was done to.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Resource {
    Users,
    Programs,
    Applications,
    Files,
    Reviews,
    Comments,
}

impl Resource {
    fn table(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Programs => "programs",
            Self::Applications => "applications",
            Self::Files => "files",
            Self::Reviews => "reviews",
            Self::Comments => "comments",
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Filter {
    #[param(required = false, inline)]
    resource: Option<Resource>,
    #[param(value_type = Option<openapi::Id>, required = false)]
    resource_id: Option<Uuid>,
    #[param(value_type = Option<openapi::Id>, required = false)]
    user_id: Option<Uuid>,
    #[param(value_type = Option<u64>, required = false, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    #[param(value_type = Option<String>, required = false)]
    cursor: Option<Cursor>,
}

/// The audit log; for coordinators
#[utoipa::path(get, path = "/v1/audit-logs", tag = "audit", params(Filter),
    responses((status = 200, description = "A page", body = Page<Shown>)))]
async fn list(
    Coordinator(_): Coordinator,
    State(app): State<App>,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<Shown>>, Problem> {
    let select = audit_logs::Entity::find()
        .apply_if(filter.resource, |select, resource| {
            select.filter(audit_logs::Column::Resource.eq(resource.table()))
        })
        .apply_if(filter.resource_id, |select, id| {
            select.filter(audit_logs::Column::ResourceId.eq(id))
        })
        .apply_if(filter.user_id, |select, id| {
            select.filter(audit_logs::Column::UserId.eq(id))
        });
    let key = (audit_logs::Column::CreatedAt, audit_logs::Column::Id);
    let select = page::select(select, key, filter.limit, filter.cursor);
    let rows = app.database().all(select).await?;
    let key = |row: &audit_logs::Model| (row.created_at, row.id);
    Ok(Json(Page::of(rows, filter.limit, key, Shown::from)))
}
