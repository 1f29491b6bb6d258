//! Who did what to which row. Rows are added and never touched again (`sql/after/audit_logs.sql`).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::IndexCreateStatement;

use super::index;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_logs")]
pub struct Model {
    #[sea_orm(primary_key, default_expr = "Expr::cust(\"gen_random_uuid()\")")]
    pub id: Uuid,
    pub user_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub action: String,
    /// The table, and in `resource_id` the row; no foreign key, since the entry outlives the row.
    #[sea_orm(column_type = "Text")]
    pub resource: String,
    pub resource_id: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary")]
    pub metadata: Option<Json>,
    #[sea_orm(default_expr = "Expr::cust(\"now()\")")]
    pub created_at: DateTimeUtc,

    #[sea_orm(belongs_to, from = "user_id", to = "id", on_delete = "Cascade")]
    pub user: BelongsTo<super::users::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

pub fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index(Entity, &[Column::UserId]),
        index(Entity, &[Column::Resource, Column::ResourceId]),
        index(Entity, &[Column::CreatedAt]),
    ]
}
