//! The `seed` program on a real PostgreSQL.

mod command;
mod database;
mod masking;
mod profiles;
mod refusals;
mod rows;
mod sampled;
