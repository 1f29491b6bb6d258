//! What staff say about an application. A comment outlives its author.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::IndexCreateStatement;

use super::index;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comments")]
pub struct Model {
    #[sea_orm(primary_key, default_expr = "Expr::cust(\"gen_random_uuid()\")")]
    pub id: Uuid,
    pub application_id: Uuid,
    pub author_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub content: String,
    #[sea_orm(default_expr = "Expr::cust(\"now()\")")]
    pub created_at: DateTimeUtc,

    #[sea_orm(belongs_to, from = "application_id", to = "id", on_delete = "Cascade")]
    pub application: BelongsTo<super::applications::Entity>,
    #[sea_orm(belongs_to, from = "author_id", to = "id", on_delete = "SetNull")]
    pub author: BelongsTo<Option<super::users::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}

pub fn indexes() -> Vec<IndexCreateStatement> {
    vec![index(Entity, &[Column::ApplicationId])]
}
