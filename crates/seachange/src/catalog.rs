//! `pg_catalog` read into a [`Schema`]: a fixed number of set-based queries, sent in one go, and
//! the values they are assembled into. Nothing here changes a database.
//!
//! [`Schema`]: seachange_schema::Schema

mod error;
mod read;
mod topic;

mod assembly;

mod namespaces;
mod owners;
mod types;

mod columns;
mod database;
mod sequences;
mod statistics;
mod tables;

mod constraints;
mod indexes;
mod privileges;
mod routines;
mod rules;
mod views;

mod depends;
mod unmodelled;

pub use error::CatalogError;
pub use read::{read, read_within};
