//! The shop's migrations.

pub use sea_orm_migration::prelude::*;

mod m20230206_101530_create_customer;
mod m20230206_101544_create_product;
mod m20230214_083012_create_purchase;
mod m20230321_141905_create_purchase_line;
mod m20240110_090000_countries_in_capitals;
mod m20240502_120000_open_purchases;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20230206_101530_create_customer::Migration),
            Box::new(m20230206_101544_create_product::Migration),
            Box::new(m20230214_083012_create_purchase::Migration),
            Box::new(m20230321_141905_create_purchase_line::Migration),
            Box::new(m20240110_090000_countries_in_capitals::Migration),
            Box::new(m20240502_120000_open_purchases::Migration),
        ]
    }
}
