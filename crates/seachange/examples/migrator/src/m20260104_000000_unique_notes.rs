//! Keeps notes from being written twice.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        seachange::sql_file!(manager, "m20260104_000000_unique_notes/up.sql").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        seachange::sql_file!(manager, "m20260104_000000_unique_notes/down.sql").await
    }
}
