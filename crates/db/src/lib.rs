//! CohortFlow's database: its entities, what stands beside them in SQL, and the way to connect.
//!
//! The only crate that knows CohortFlow's tables. What attributes can't say about a table stands as
//! [`indexes`] beside its entity; checks, unique pairs and triggers are the files below [`SQL`].

pub mod entity;
pub mod enums;
pub mod json;

mod connection;
mod settings;

pub use connection::{ConnectError, connect};
pub use entity::{applications, audit_logs, comments, files, programs, reviews, users};
pub use settings::{Settings, SettingsError};

use sea_orm::sea_query::IndexCreateStatement;
use sea_orm::{DbBackend, EntityRegistry, Schema, SchemaBuilder};

/// The folder whose `before/*.sql` runs ahead of the tables and whose `after/*.sql` behind them.
pub const SQL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sql");

/// Every entity of this crate. They register themselves, so a new one can't be forgotten.
pub fn schema() -> SchemaBuilder {
    EntityRegistry::build_schema(Schema::new(DbBackend::Postgres), module_path!())
}

/// Every index that stands beside an entity.
pub fn indexes() -> Vec<IndexCreateStatement> {
    [
        applications::indexes(),
        audit_logs::indexes(),
        comments::indexes(),
        files::indexes(),
        programs::indexes(),
        reviews::indexes(),
        users::indexes(),
    ]
    .concat()
}
