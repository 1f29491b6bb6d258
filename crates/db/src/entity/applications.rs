//! One applicant's way through one program.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::IndexCreateStatement;

use super::index;
use crate::enums::ApplicationStatus;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "applications")]
pub struct Model {
    #[sea_orm(primary_key, default_expr = "Expr::cust(\"gen_random_uuid()\")")]
    pub id: Uuid,
    pub program_id: Uuid,
    pub applicant_id: Uuid,
    /// Index into the program's stages; never negative: `sql/after/applications.sql`.
    #[sea_orm(default_value = 0)]
    pub current_stage: i32,
    #[sea_orm(default_value = "draft")]
    pub status: ApplicationStatus,
    /// The answers, by field id. Their shape is the program's to say, so it isn't a type here.
    #[sea_orm(column_type = "JsonBinary", default_value = "{}")]
    pub data: Json,
    #[sea_orm(default_expr = "Expr::cust(\"now()\")")]
    pub created_at: DateTimeUtc,
    #[sea_orm(default_expr = "Expr::cust(\"now()\")")]
    pub updated_at: DateTimeUtc,

    #[sea_orm(belongs_to, from = "program_id", to = "id", on_delete = "Cascade")]
    pub program: BelongsTo<super::programs::Entity>,
    #[sea_orm(belongs_to, from = "applicant_id", to = "id", on_delete = "Cascade")]
    pub applicant: BelongsTo<super::users::Entity>,
    #[sea_orm(has_many)]
    pub files: HasMany<super::files::Entity>,
    #[sea_orm(has_many)]
    pub reviews: HasMany<super::reviews::Entity>,
    #[sea_orm(has_many)]
    pub comments: HasMany<super::comments::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

pub fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index(Entity, &[Column::ProgramId]),
        index(Entity, &[Column::ApplicantId]),
        index(Entity, &[Column::Status]),
        index(Entity, &[Column::CurrentStage]),
    ]
}
