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
mod pull;
mod refusals;
mod runner;
mod sample;
mod scratch;
mod seed;
mod server;
mod source;
mod testing;
