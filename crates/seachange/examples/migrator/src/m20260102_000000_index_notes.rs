//! Indexes `notes` without keeping anybody from writing to it.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        seachange::sql_file!(manager, "m20260102_000000_index_notes/up.sql").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        seachange::sql_file!(manager, "m20260102_000000_index_notes/down.sql").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}
