//! Trims what is in `notes`.
//!
//! A migration in Rust: the rows are read, changed here, and written back.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let rows = connection
            .query_all_raw(Statement::from_string(
                DbBackend::Postgres,
                "SELECT id, body FROM notes ORDER BY id",
            ))
            .await?;
        for row in rows {
            let (id, body): (i64, String) = (row.try_get("", "id")?, row.try_get("", "body")?);
            connection
                .execute_raw(Statement::from_sql_and_values(
                    DbBackend::Postgres,
                    "UPDATE notes SET body = $2 WHERE id = $1",
                    [id.into(), body.trim().into()],
                ))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // Nobody wants the blanks back.
        Ok(())
    }
}
