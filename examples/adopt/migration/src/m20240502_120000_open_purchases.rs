//! An index over open purchases alone. Nobody wrote a `down`.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX purchase_open_idx ON purchase (placed_at) WHERE state = 'open'",
            )
            .await?;
        Ok(())
    }
}
