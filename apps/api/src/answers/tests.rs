//! Each type of field with answers that are good and others that are not.

use proptest::prelude::*;
use serde_json::json;

use super::*;

const FILE: &str = "11111111-1111-4111-8111-111111111111";

fn stage(field: Value) -> Vec<Stage> {
    let mut whole = json!({"id": "x", "label": "X", "required": true});
    whole
        .as_object_mut()
        .unwrap()
        .extend(field.as_object().unwrap().clone());
    let field: Field = serde_json::from_value(whole).unwrap();
    vec![Stage {
        id: "s".to_owned(),
        name: "S".to_owned(),
        description: String::new(),
        order: 0,
        fields: vec![field],
    }]
}

fn code(field: &Value, answer: Value) -> Option<&'static str> {
    let files = BTreeSet::from([FILE.parse().unwrap()]);
    let given = Map::from_iter([("x".to_owned(), answer)]);
    let stages = stage(field.clone());
    let found = faults(&given, &stages, &files)
        .first()
        .map(|fault| fault.code);
    let whole = unfinished(&given, &stages, &files)
        .first()
        .map(|fault| fault.code);
    assert!(found.is_none() || found == whole, "{found:?} {whole:?}");
    whole
}

#[test]
fn answers_fit_their_fields() {
    let options = json!(["A", "B", "C"]);
    for (field, good, wrong) in [
        (
            json!({"type": "text"}),
            json!(["a", "é", "0"]),
            json!([
                [1, "shape"],
                ["", "required"],
                [null, "required"],
                [" ", "required"]
            ]),
        ),
        (
            json!({"type": "text", "validation": {"min": 2, "max": 3}}),
            json!(["ab", "éèê"]),
            json!([["a", "length"], ["abcd", "length"]]),
        ),
        (
            json!({"type": "text", "validation": {"pattern": "^\\d{3}$"}}),
            json!(["123"]),
            json!([["1234", "pattern"]]),
        ),
        (
            json!({"type": "textarea"}),
            json!(["a\nb"]),
            json!([[["a"], "shape"]]),
        ),
        (
            json!({"type": "email"}),
            json!(["a@b.org", "first.last+tag@sub.example.org"]),
            json!([
                ["a", "email"],
                ["a@b", "email"],
                ["@b.org", "email"],
                ["a b@c.org", "email"],
                ["a@-b.org", "email"],
                ["a@b..org", "email"]
            ]),
        ),
        (
            json!({"type": "phone"}),
            json!(["(555) 123-4567", "+49 30 12345"]),
            json!([["1234", "phone"], ["call me", "phone"]]),
        ),
        (
            json!({"type": "select", "options": options}),
            json!(["A"]),
            json!([["D", "option"], [["A"], "shape"], ["a", "option"]]),
        ),
        (
            json!({"type": "multiselect", "options": options, "validation": {"min": 1, "max": 2}}),
            json!([["A"], ["B", "C"]]),
            json!([
                [["A", "A"], "option"],
                [["A", "B", "C"], "length"],
                [["D"], "option"],
                ["A", "shape"],
                [[], "required"]
            ]),
        ),
        (
            json!({"type": "date"}),
            json!(["2026-02-28", "2024-02-29"]),
            json!([
                ["2026-02-29", "shape"],
                ["28.2.2026", "shape"],
                ["2026-2-8", "shape"],
                [20_260_228, "shape"]
            ]),
        ),
        (
            json!({"type": "date", "validation": {"min": 20_260_101, "max": 20_261_231}}),
            json!(["2026-01-01", "2026-12-31"]),
            json!([["2025-12-31", "range"], ["2027-01-01", "range"]]),
        ),
        (
            json!({"type": "file"}),
            json!([FILE]),
            json!([
                ["22222222-2222-4222-8222-222222222222", "file"],
                ["cv.pdf", "shape"]
            ]),
        ),
        (
            json!({"type": "checkbox"}),
            json!([true]),
            json!([[false, "required"], ["true", "shape"]]),
        ),
    ] {
        for answer in good.as_array().unwrap() {
            assert_eq!(code(&field, answer.clone()), None, "{field} {answer}");
        }
        for pair in wrong.as_array().unwrap() {
            assert_eq!(
                code(&field, pair[0].clone()),
                pair[1].as_str(),
                "{field} {pair}"
            );
        }
    }
}

#[test]
fn a_field_that_is_not_open_is_refused() {
    let given = Map::from_iter([("y/z".to_owned(), json!("a"))]);
    let found = faults(&given, &stage(json!({"type": "text"})), &BTreeSet::new());
    assert_eq!(found[0].pointer, "#/data/y~1z");
    assert_eq!(found[0].code, "unknown");
}

#[test]
fn null_takes_an_answer_away() {
    let answers = Map::from_iter([("a".to_owned(), json!(1)), ("b".to_owned(), json!(2))]);
    let given = Map::from_iter([("a".to_owned(), Value::Null), ("c".to_owned(), json!(3))]);
    assert_eq!(
        Value::Object(merged(answers, given)),
        json!({"b": 2, "c": 3})
    );
}

proptest! {
    /// Whatever is sent, it is judged, not fallen over.
    #[test]
    fn any_text_is_judged(text in "\\PC{0,40}", kind in 0..9usize) {
        let kinds = ["text", "email", "phone", "textarea", "select", "multiselect", "date", "file", "checkbox"];
        let field = json!({"type": kinds[kind], "options": ["A"]});
        let good = code(&field, json!(text)).is_none();
        prop_assert!(!good || kind < 5 || kinds[kind] == "date" || kinds[kind] == "file");
    }

    #[test]
    fn a_length_is_counted_in_characters(text in "[a-zé漢]{0,12}", min in 0..6usize, max in 6..12usize) {
        let field = json!({"type": "text", "validation": {"min": min, "max": max}});
        let length = text.chars().count();
        let expected = length > 0 && length >= min && length <= max;
        prop_assert_eq!(code(&field, json!(text)).is_none(), expected);
    }
}
