//! A workspace's own programs: built by its cargo, run as children, never linked. One that does not
//! compile can't lock out the tool that would mend it, and tests need no package but their own.

mod build;
mod rust_migrations;

pub use build::{BuildError, build, cargo};
pub use rust_migrations::RustMigrations;
