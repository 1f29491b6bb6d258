//! The migrations of this database, in the order in which they are applied.

pub use sea_orm_migration::prelude::*;

mod m20261123_001222_initial_schema;
mod m20261123_001313_add_phone_number;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_001222_initial_schema::Migration),
            Box::new(m20261123_001313_add_phone_number::Migration),
        ]
    }
}
