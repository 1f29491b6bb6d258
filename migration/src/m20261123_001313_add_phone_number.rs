//! Add phone number.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        seachange::sql_file!(manager, "m20261123_001313_add_phone_number/up.sql").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        seachange::sql_file!(manager, "m20261123_001313_add_phone_number/down.sql").await
    }
}
