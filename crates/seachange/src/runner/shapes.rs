//! The shapes of what the migration program prints with `--json`, for the schemas that are published.

use schemars::{Schema, SchemaGenerator};

use super::command;
use super::report::{Report, StatusReport};

/// Of `up`, `down` and their like, on one database or a fleet.
pub fn run(generator: &mut SchemaGenerator) -> Vec<Schema> {
    let mut shapes = vec![generator.subschema_for::<Report>()];
    shapes.extend(fleet(generator));
    shapes
}

/// Of `status`, likewise. Where the database can't be read, the report of a run says why.
pub fn status(generator: &mut SchemaGenerator) -> Vec<Schema> {
    let mut shapes = vec![generator.subschema_for::<StatusReport<'static>>()];
    shapes.extend(run(generator));
    shapes
}

/// Of any of them on a fleet.
pub fn fleet(generator: &mut SchemaGenerator) -> Vec<Schema> {
    vec![command::fleet_shape(generator)]
}
