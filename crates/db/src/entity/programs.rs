//! Intake programs: their stages with forms, and the rubric that reviewers score by.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::IndexCreateStatement;

use super::index;
use crate::enums::ProgramStatus;
use crate::json::{ExportMapping, Rubric, Stages};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "programs")]
pub struct Model {
    #[sea_orm(primary_key, default_expr = "Expr::cust(\"gen_random_uuid()\")")]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub stages: Stages,
    #[sea_orm(column_type = "JsonBinary")]
    pub rubric: Rubric,
    #[sea_orm(column_type = "JsonBinary")]
    pub export_mapping: Option<ExportMapping>,
    pub creator_id: Uuid,
    #[sea_orm(default_value = "draft")]
    pub status: ProgramStatus,
    #[sea_orm(default_expr = "Expr::cust(\"now()\")")]
    pub created_at: DateTimeUtc,

    #[sea_orm(belongs_to, from = "creator_id", to = "id", on_delete = "Cascade")]
    pub creator: BelongsTo<super::users::Entity>,
    #[sea_orm(has_many)]
    pub applications: HasMany<super::applications::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

pub fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index(Entity, &[Column::CreatorId]),
        index(Entity, &[Column::Status]),
    ]
}
