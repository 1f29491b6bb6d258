//! Enumerated types that SeaORM can declare.

use std::collections::{BTreeMap, BTreeSet};

use seachange_schema::name::DEFAULT_SCHEMA;
use seachange_schema::{Name, Object, ObjectId, Schema};

use super::super::declared::Enum;
use super::super::names;

/// SeaORM ignores an enum's schema, and writes its name unquoted; of the labels it makes names that
/// ignore case.
pub(super) fn candidates(schema: &Schema) -> BTreeMap<Name, Enum> {
    let mut taken = BTreeSet::new();
    let mut found = BTreeMap::new();
    for (id, object) in &schema.objects {
        let (ObjectId::Type { name }, Object::Enum(one)) = (id, object) else {
            continue;
        };
        if name.schema.as_str() != DEFAULT_SCHEMA
            || !is_plain(name.name.as_str())
            || one.labels.is_empty()
            || !are_apart(&one.labels)
        {
            continue;
        }
        let rust = names::free(
            names::type_name(name.name.as_str()),
            &mut taken,
            without_underscores,
        );
        let mut variants = BTreeSet::new();
        let labels = one.labels.iter().map(|label| {
            let variant = names::free(names::variant(label), &mut variants, without_underscores);
            (without_underscores(&variant), label.clone())
        });
        let declared = Enum {
            name: name.name.clone(),
            rust: without_underscores(&rust),
            labels: labels.collect(),
        };
        found.insert(name.clone(), declared);
    }
    found
}

fn without_underscores(name: &str) -> String {
    name.replace('_', "")
}

fn is_plain(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn are_apart(labels: &[String]) -> bool {
    let mut seen = BTreeSet::new();
    labels.iter().all(|label| {
        let key: String = label.chars().filter(|c| c.is_alphanumeric()).collect();
        // SeaORM's macro writes other characters as their numbers, which hold no letter it could meet.
        !key.is_empty() && seen.insert((key.to_lowercase(), label.len()))
    })
}
