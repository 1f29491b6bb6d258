//! What of a schema its readers can no longer rely on in the next one: a property that is gone, has another type, or may
//! be missing now.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// What readers of the previous document would stumble over, as paths with what became of them. A version that was
/// raised is another document, and nothing has to hold.
pub fn breaks(previous: &Value, next: &Value) -> Vec<String> {
    if version(previous) != version(next) {
        return Vec::new();
    }
    let mut found = Found {
        previous,
        next,
        seen: BTreeSet::new(),
        breaks: Vec::new(),
    };
    found.alternatives("", previous, next);
    found.breaks.sort();
    found.breaks.dedup();
    found.breaks
}

/// The highest that any shape of the document has.
fn version(document: &Value) -> Option<u64> {
    let shapes = document["$defs"]
        .as_object()
        .into_iter()
        .flat_map(Map::values);
    let own = shapes.filter_map(|shape| shape.pointer("/properties/version/const")?.as_u64());
    own.max()
}

struct Found<'a> {
    previous: &'a Value,
    next: &'a Value,
    /// Shapes that were compared already, or are being.
    seen: BTreeSet<(String, String)>,
    breaks: Vec<String>,
}

impl<'a> Found<'a> {
    fn compare(&mut self, path: &str, previous: &'a Value, next: &'a Value) {
        if let (Some(one), Some(other)) = (reference(previous), reference(next))
            && !self.seen.insert((one.to_owned(), other.to_owned()))
        {
            return;
        }
        let (previous, next) = (resolved(self.previous, previous), resolved(self.next, next));
        let (before, after) = (types(previous), types(next));
        if !before.is_empty() && !after.is_subset(&before) || before.is_empty() != after.is_empty()
        {
            self.breaks.push(format!(
                "{path} was {} and is {}",
                words(&before),
                words(&after)
            ));
            return;
        }
        self.properties(path, previous, next);
        if let (Some(one), Some(other)) = (previous.get("items"), next.get("items")) {
            self.compare(&format!("{path}[]"), one, other);
        }
        self.alternatives(path, previous, next);
    }

    fn properties(&mut self, path: &str, previous: &'a Value, next: &'a Value) {
        let required = |of: &Value, name: &str| {
            let names = of["required"].as_array();
            names.is_some_and(|names| names.iter().any(|it| it == name))
        };
        let Some(properties) = previous["properties"].as_object() else {
            return;
        };
        for (name, before) in properties {
            let path = format!("{path}.{name}");
            match next["properties"].get(name) {
                None => self.breaks.push(format!("{path} is gone")),
                Some(_) if required(previous, name) && !required(next, name) => {
                    self.breaks.push(format!("{path} may be missing now"));
                }
                Some(after) => self.compare(&path, before, after),
            }
        }
    }

    /// Each of several shapes is still one of them.
    fn alternatives(&mut self, path: &str, previous: &'a Value, next: &'a Value) {
        for kind in ["anyOf", "oneOf", "allOf"] {
            let (Some(before), after) = (previous[kind].as_array(), next[kind].as_array()) else {
                continue;
            };
            // A word is one shape: a reader of more words bears fewer.
            if types_of_words(previous).is_some() {
                continue;
            }
            let after = after.map_or(&[][..], Vec::as_slice);
            for (at, one) in before.iter().enumerate() {
                // Their names and their order say nothing: any that keeps all of it will do.
                if after.iter().any(|other| self.keeps(one, other)) {
                    continue;
                }
                let same =
                    |other: &&Value| reference(one).is_some() && reference(one) == reference(other);
                match after.iter().find(same).or_else(|| after.get(at)) {
                    Some(other) => self.compare(path, one, other),
                    None => self
                        .breaks
                        .push(format!("{path} has lost one of its shapes")),
                }
            }
        }
    }

    /// Whether readers of the one bear the other.
    fn keeps(&self, one: &'a Value, other: &'a Value) -> bool {
        let mut found = Found {
            previous: self.previous,
            next: self.next,
            seen: self.seen.clone(),
            breaks: Vec::new(),
        };
        found.compare("", one, other);
        let (one, other) = (resolved(self.previous, one), resolved(self.next, other));
        found.breaks.is_empty() && one["const"] == other["const"]
    }
}

fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let pointer = reference(schema).and_then(|it| it.strip_prefix('#'));
    match pointer.and_then(|pointer| document.pointer(pointer)) {
        Some(found) => resolved(document, found),
        None => schema,
    }
}

fn types(schema: &Value) -> BTreeSet<String> {
    match &schema["type"] {
        Value::String(one) => BTreeSet::from([one.clone()]),
        Value::Array(several) => several
            .iter()
            .filter_map(|it| it.as_str().map(str::to_owned))
            .collect(),
        _ => types_of_words(schema).unwrap_or_default(),
    }
}

/// Of a choice of single values, each of which is described by itself.
fn types_of_words(schema: &Value) -> Option<BTreeSet<String>> {
    let choices = schema["oneOf"].as_array()?.iter();
    choices
        .map(|choice| {
            let single = choice.get("const").or(choice.get("enum"))?;
            Some((!single.is_null()).then(|| types(choice))?.into_iter())
        })
        .collect::<Option<Vec<_>>>()
        .map(|all| all.into_iter().flatten().collect())
}

fn words(types: &BTreeSet<String>) -> String {
    match types.is_empty() {
        true => "of several shapes".to_owned(),
        false => types.iter().cloned().collect::<Vec<_>>().join(" or "),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(version: u64, properties: Value, required: Value) -> Value {
        let mut properties = properties;
        properties["version"] = json!({ "type": "integer", "const": version });
        json!({
            "anyOf": [{ "$ref": "#/$defs/Report" }],
            "$defs": {
                "Report": { "type": "object", "properties": properties, "required": required },
                "Part": { "type": "object", "properties": { "id": { "type": "string" } } },
            },
        })
    }

    #[test]
    fn what_is_added_breaks_nothing_and_what_goes_or_changes_does() {
        let parts = json!({ "type": "array", "items": { "$ref": "#/$defs/Part" } });
        let before = document(
            1,
            json!({ "a": { "type": "string" }, "parts": parts }),
            json!(["a"]),
        );
        let more = document(
            1,
            json!({ "a": { "type": "string" }, "b": { "type": "null" }, "parts": parts }),
            json!(["a", "b"]),
        );
        assert_eq!(breaks(&before, &more), [""; 0]);
        let gone = document(1, json!({ "parts": parts }), json!([]));
        assert_eq!(breaks(&before, &gone), [".a is gone"]);
        let retyped = document(
            1,
            json!({ "a": { "type": "integer" }, "parts": parts }),
            json!(["a"]),
        );
        assert_eq!(breaks(&before, &retyped), [".a was string and is integer"]);
        let missing = document(
            1,
            json!({ "a": { "type": "string" }, "parts": parts }),
            json!([]),
        );
        assert_eq!(breaks(&before, &missing), [".a may be missing now"]);
        // Another shape before it takes nothing away, whatever the two are called.
        let mut two = more.clone();
        two["$defs"]["Report2"] = two["$defs"]["Report"].take();
        two["$defs"]["Report"] =
            json!({ "type": "object", "properties": { "z": { "type": "null" } } });
        two["anyOf"] = json!([{ "$ref": "#/$defs/Report" }, { "$ref": "#/$defs/Report2" }]);
        assert_eq!(breaks(&before, &two), [""; 0]);
        let mut deep = before.clone();
        deep["$defs"]["Part"]["properties"] = json!({ "name": { "type": "string" } });
        assert_eq!(breaks(&before, &deep), [".parts[].id is gone"]);
        // A word is a word, whether or not each of those that it may be is described.
        let said = json!({ "type": "string", "enum": ["up", "down"] });
        let each = json!({ "oneOf": [
            { "type": "string", "const": "up", "description": "Forth." },
            { "type": "string", "const": "down" },
        ] });
        let [said, each] =
            [said, each].map(|it| document(1, json!({ "direction": it }), json!([])));
        assert_eq!(breaks(&said, &each), [""; 0]);
        assert_eq!(breaks(&each, &said), [""; 0]);
        // With the version raised, everything may be another.
        let next = document(2, json!({}), json!([]));
        assert_eq!(breaks(&before, &next), [""; 0]);
    }
}
