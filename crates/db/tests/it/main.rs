//! What CohortFlow's entities and SQL are worth on a real PostgreSQL.

mod connection;
mod database;
mod relations;
mod rows;
mod rules;
mod schema;
