//! What `--json` prints, as JSON Schema (draft 2020-12): a document for each command, from the types themselves. For
//! the program that writes them, `examples/schemas.rs`; no other one is built with it.

mod stable;

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

pub use stable::breaks;

use crate::command::schemas::{Shapes, all};

/// Every document, by its file's name.
pub fn documents() -> BTreeMap<String, Value> {
    all()
        .into_iter()
        .map(|shapes| (format!("{}.schema.json", shapes.name), document(&shapes)))
        .collect()
}

fn document(shapes: &Shapes) -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut generator = settings.into_generator();
    let any_of = (shapes.any_of)(&mut generator);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": shapes.of,
        "description": "A field may be added to a shape; whatever else changes raises its `version`.",
        "anyOf": any_of,
        "$defs": generator.take_definitions(true),
    })
}
