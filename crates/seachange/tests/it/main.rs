//! The engine against a real PostgreSQL, in one binary: building and linking one is faster.

mod ask;
mod backup;
mod cases;
mod catalog;
mod connection;
mod database;
mod entities;
mod migrations;
mod partitions;
mod privileges;
#[path = "../../../seachange-cli/tests/it/schemas/published.rs"]
mod published;
mod pull;
mod refusals;
mod runner;
mod sample;
mod scratch;
mod seed;
mod server;
mod source;
#[path = "../../../seachange-cli/tests/it/terminal.rs"]
#[expect(dead_code, reason = "the commands' tests need more of it")]
mod terminal;
mod testing;
