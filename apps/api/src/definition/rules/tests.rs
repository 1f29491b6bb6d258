//! That a definition which breaks a rule is refused, with the place.

use serde_json::{Value, json};

use super::*;

fn good() -> Value {
    json!({
        "stages": [
            {"id": "contact", "name": "Contact", "description": "", "order": 0, "fields": [
                {"id": "email", "type": "email", "label": "E-mail", "required": true},
                {"id": "born", "type": "date", "label": "Born", "required": false, "validation": {"min": 19_000_101, "max": 20_101_231}},
            ]},
            {"id": "essay", "name": "Essay", "description": "", "order": 1, "fields": [
                {"id": "where", "type": "select", "label": "Where", "required": true, "options": ["A", "B"]},
                {"id": "why", "type": "textarea", "label": "Why", "required": true, "validation": {"min": 1, "max": 9, "pattern": "^[a-z]+$"}},
            ]},
        ],
        "rubric": [
            {"id": "a", "name": "A", "description": "", "weight": 0.1, "scale": {"min": 1, "max": 5}},
            {"id": "b", "name": "B", "description": "", "weight": 0.2, "scale": {"min": 1, "max": 5}},
            {"id": "c", "name": "C", "description": "", "weight": 0.7, "scale": {"min": 1, "max": 5}},
        ],
        "export_mapping": {"Why": "data.why", "Mail": "applicant.email"},
    })
}

fn found(value: &Value) -> Vec<(String, &'static str)> {
    let definition = Definition {
        stages: serde_json::from_value(value["stages"].clone()).unwrap(),
        rubric: serde_json::from_value(value["rubric"].clone()).unwrap(),
        export_mapping: serde_json::from_value(value["export_mapping"].clone()).unwrap(),
    };
    let found = faults(&definition).into_iter();
    found.map(|fault| (fault.pointer, fault.code)).collect()
}

#[test]
fn a_good_one_has_no_faults() {
    assert_eq!(found(&good()), []);
}

#[test]
fn each_rule_is_held_at_its_place() {
    for (at, value, pointer, code) in [
        ("/stages", json!([]), "#/stages", "count"),
        ("/stages/1/id", json!("contact"), "#/stages/1/id", "twice"),
        ("/stages/0/id", json!("Contact Data"), "#/stages/0/id", "id"),
        ("/stages/1/order", json!(0), "#/stages/1/order", "order"),
        ("/stages/0/name", json!(" "), "#/stages/0/name", "length"),
        (
            "/stages/1/fields/0/id",
            json!("email"),
            "#/stages/1/fields/0/id",
            "twice",
        ),
        (
            "/stages/1/fields/0/options",
            json!([]),
            "#/stages/1/fields/0/options",
            "options",
        ),
        (
            "/stages/1/fields/0/options",
            json!(["A", "A"]),
            "#/stages/1/fields/0/options",
            "options",
        ),
        (
            "/stages/1/fields/0/options",
            Value::Null,
            "#/stages/1/fields/0/options",
            "required",
        ),
        (
            "/stages/1/fields/0/type",
            json!("text"),
            "#/stages/1/fields/0/options",
            "options",
        ),
        (
            "/stages/1/fields/1/validation/max",
            json!(0),
            "#/stages/1/fields/1/validation/max",
            "bounds",
        ),
        (
            "/stages/1/fields/1/validation/min",
            json!(1.5),
            "#/stages/1/fields/1/validation/min",
            "bounds",
        ),
        (
            "/stages/1/fields/1/validation/pattern",
            json!("("),
            "#/stages/1/fields/1/validation/pattern",
            "pattern",
        ),
        (
            "/stages/1/fields/1/validation/pattern",
            json!("(\\w{200}){200}"),
            "#/stages/1/fields/1/validation/pattern",
            "pattern",
        ),
        (
            "/stages/0/fields/1/validation/min",
            json!(19_001_301),
            "#/stages/0/fields/1/validation/min",
            "bounds",
        ),
        (
            "/stages/0/fields/1/type",
            json!("checkbox"),
            "#/stages/0/fields/1/validation/min",
            "bounds",
        ),
        ("/rubric/0/weight", json!(0.2), "#/rubric", "weights"),
        ("/rubric/1/id", json!("a"), "#/rubric/1/id", "twice"),
        ("/rubric/0/scale/max", json!(1), "#/rubric/0/scale", "scale"),
        (
            "/export_mapping/Why",
            json!("data.gone"),
            "#/export_mapping/Why",
            "unknown",
        ),
        (
            "/export_mapping/Why",
            json!("applicant.password"),
            "#/export_mapping/Why",
            "unknown",
        ),
    ] {
        let mut definition = good();
        *definition.pointer_mut(at).unwrap_or_else(|| panic!("{at}")) = value;
        let found = found(&definition);
        assert!(
            found.contains(&(pointer.to_owned(), code)),
            "{at}: {found:?}"
        );
    }
}
