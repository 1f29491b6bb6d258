//! Purchases, with an enum type, a foreign key and an index.

use sea_orm_migration::prelude::extension::postgres::Type;
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_type(
                Type::create()
                    .as_enum("purchase_state")
                    .values(["open", "paid", "sent"])
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(Purchase::Table)
                    .if_not_exists()
                    .col(pk_auto(Purchase::Id))
                    .col(integer(Purchase::CustomerId))
                    .col(
                        ColumnDef::new(Purchase::State)
                            .custom("purchase_state")
                            .not_null()
                            .default("open"),
                    )
                    .col(
                        timestamp_with_time_zone(Purchase::PlacedAt)
                            .default(Expr::current_timestamp()),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk-purchase-customer")
                            .from(Purchase::Table, Purchase::CustomerId)
                            .to("customer", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx-purchase-customer_id")
                    .table(Purchase::Table)
                    .col(Purchase::CustomerId)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Purchase::Table).to_owned())
            .await?;
        manager
            .drop_type(Type::drop().name("purchase_state").to_owned())
            .await
    }
}

#[derive(DeriveIden)]
enum Purchase {
    Table,
    Id,
    CustomerId,
    State,
    PlacedAt,
}
