//! drizzle-kit: installed with npm, and set on the schema.

mod install;
mod project;
mod schema_ts;

pub(super) use install::{Release, installed};
pub(super) use project::DrizzleKit;
