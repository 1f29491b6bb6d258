//! A reviewer's scores for an application: one review a pair (`sql/after/reviews.sql`).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::IndexCreateStatement;

use super::index;
use crate::enums::ReviewStatus;
use crate::json::Scores;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reviews")]
pub struct Model {
    #[sea_orm(primary_key, default_expr = "Expr::cust(\"gen_random_uuid()\")")]
    pub id: Uuid,
    pub application_id: Uuid,
    pub reviewer_id: Uuid,
    #[sea_orm(column_type = "JsonBinary")]
    pub scores: Scores,
    #[sea_orm(column_type = "Text")]
    pub comments: Option<String>,
    #[sea_orm(default_value = "pending")]
    pub status: ReviewStatus,
    #[sea_orm(default_expr = "Expr::cust(\"now()\")")]
    pub created_at: DateTimeUtc,

    #[sea_orm(belongs_to, from = "application_id", to = "id", on_delete = "Cascade")]
    pub application: BelongsTo<super::applications::Entity>,
    #[sea_orm(belongs_to, from = "reviewer_id", to = "id", on_delete = "Cascade")]
    pub reviewer: BelongsTo<super::users::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

pub fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index(Entity, &[Column::ApplicationId]),
        index(Entity, &[Column::ReviewerId]),
        index(Entity, &[Column::Status]),
    ]
}
