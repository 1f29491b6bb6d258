//! Every meeting of the schema toolchain with PostgreSQL or a folder: the catalog, scratch
//! databases, the managed local server, the migration folder and its runner.

#![deny(missing_docs)]

pub mod ask;
pub mod backup;
pub mod baseline;
pub mod branches;
pub mod catalog;
pub mod connection;
pub mod corpus;
pub mod draft;
pub mod entities;
pub mod error;
pub mod expand;
mod extensions;
mod filling;
pub mod generate;
pub mod ignore;
pub mod migrations;
pub mod plain;
mod postgresql;
pub mod proof;
pub mod pull;
pub mod push;
pub mod readiness;
pub mod reviewed;
pub mod runner;
pub mod sample;
pub mod scratch;
pub mod seed;
pub mod server;
pub mod source;
pub mod squash;
pub mod telemetry;
pub mod testing;
pub mod workspace;

pub use error::Help;
