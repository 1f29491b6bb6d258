//! Lines of purchases, with a key of two columns.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(PurchaseLine::Table)
                    .if_not_exists()
                    .col(integer(PurchaseLine::PurchaseId))
                    .col(integer(PurchaseLine::ProductId))
                    .col(integer(PurchaseLine::Quantity))
                    .primary_key(
                        Index::create()
                            .col(PurchaseLine::PurchaseId)
                            .col(PurchaseLine::ProductId),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(PurchaseLine::Table, PurchaseLine::PurchaseId)
                            .to("purchase", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(PurchaseLine::Table, PurchaseLine::ProductId)
                            .to("product", "id"),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(PurchaseLine::Table).to_owned())
            .await
    }
}

#[derive(DeriveIden)]
enum PurchaseLine {
    Table,
    PurchaseId,
    ProductId,
    Quantity,
}
