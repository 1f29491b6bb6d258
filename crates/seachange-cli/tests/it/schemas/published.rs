//! The schemas in `docs/json`, and an object held against one of them. For the tests of every package that prints JSON.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};

/// The published documents, closed: a field that none of them names is a mistake here, though readers must bear it.
pub(crate) fn published() -> &'static BTreeMap<String, Validator> {
    static PUBLISHED: OnceLock<BTreeMap<String, Validator>> = OnceLock::new();
    PUBLISHED.get_or_init(|| {
        let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        let folder = above
            .map(|folder| folder.join("docs/json"))
            .find(|folder| folder.is_dir())
            .unwrap();
        let entries = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap());
        let documents = entries.map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let mut document: Value = serde_json::from_str(&text).unwrap();
            assert!(jsonschema::draft202012::meta::is_valid(&document), "{name}");
            close(&mut document);
            let validator = jsonschema::draft202012::new(&document).unwrap();
            (name.trim_end_matches(".schema.json").to_owned(), validator)
        });
        documents.collect()
    })
}

fn close(document: &mut Value) {
    let shapes = document["$defs"].as_object_mut();
    for shape in shapes.into_iter().flat_map(|shapes| shapes.values_mut()) {
        if shape["type"] == "object" && shape.get("properties").is_some() {
            shape["unevaluatedProperties"] = json!(false);
        }
    }
}

/// # Panics
///
/// If the object is not what is published under that name.
#[track_caller]
pub(crate) fn hold_to(name: &str, value: &Value) {
    let Some(validator) = published().get(name) else {
        panic!("docs/json has no `{name}`: run `cargo xtask schemas`");
    };
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}\n{value:#}");
}
