//! The `seed` program on a real PostgreSQL.

mod command;
mod profiles;
mod refusals;
mod rows;

/// The database of a test, with CohortFlow's schema.
#[path = "../../../crates/db/tests/it/database.rs"]
mod database;
