//! People: applicants, reviewers and coordinators.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Index, IndexCreateStatement};

use super::index;
use crate::enums::UserRole;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, default_expr = "Expr::cust(\"gen_random_uuid()\")")]
    pub id: Uuid,
    /// Unique whatever its case: `sql/after/users_email.sql`.
    #[sea_orm(column_type = "Text", unique)]
    pub email: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(default_value = "applicant")]
    pub role: UserRole,
    #[sea_orm(column_type = "Text")]
    pub phone_number: Option<String>,
    #[sea_orm(default_expr = "Expr::cust(\"now()\")")]
    pub created_at: DateTimeUtc,

    /// The programs this person created.
    #[sea_orm(has_many)]
    pub programs: HasMany<super::programs::Entity>,
    /// The applications this person handed in.
    #[sea_orm(has_many)]
    pub applications: HasMany<super::applications::Entity>,
    #[sea_orm(has_many)]
    pub files: HasMany<super::files::Entity>,
    #[sea_orm(has_many)]
    pub reviews: HasMany<super::reviews::Entity>,
    #[sea_orm(has_many)]
    pub comments: HasMany<super::comments::Entity>,
    #[sea_orm(has_many)]
    pub audit_logs: HasMany<super::audit_logs::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

/// `users_email_idx` repeats what the unique constraint brings along; other tools know it by name.
pub fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index(Entity, &[Column::Email]),
        index(Entity, &[Column::Role]),
        Index::create()
            .name("users_phone_idx")
            .table(Entity)
            .col(Column::PhoneNumber)
            .take(),
    ]
}
