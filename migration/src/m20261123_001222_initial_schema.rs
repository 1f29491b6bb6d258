//! Initial schema.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        seachange::sql_file!(manager, "m20261123_001222_initial_schema/up.sql").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        seachange::sql_file!(manager, "m20261123_001222_initial_schema/down.sql").await
    }
}
