//! The migrations of this database, in the order in which they are applied.

pub use sea_orm_migration::prelude::*;

mod m20260101_000000_create_notes;
mod m20260102_000000_index_notes;
mod m20260103_000000_trim_notes;
mod m20260104_000000_unique_notes;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20260101_000000_create_notes::Migration),
            Box::new(m20260102_000000_index_notes::Migration),
            Box::new(m20260103_000000_trim_notes::Migration),
            Box::new(m20260104_000000_unique_notes::Migration),
        ]
    }
}
