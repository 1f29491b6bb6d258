//! The `seed` program on a real PostgreSQL.

mod command;
mod database;
mod masking;
mod profiles;
#[path = "../../../crates/seachange-cli/tests/it/schemas/published.rs"]
mod published;
mod refusals;
mod rows;
mod sampled;
