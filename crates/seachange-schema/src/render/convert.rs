//! How values pass from a type's previous state, which has stepped aside, to its next one of the same name.

use super::cast;
use crate::change::Changes;
use crate::model::{Attribute, Composite, Domain, Object, ObjectId, Schema};
use crate::name::literal;
use crate::needs::is_of_strict_domain;
use crate::plan::{HazardCode, label_mappings};

/// The USING expression for a column whose type is made anew under its name; none where PostgreSQL's
/// assignment cast does it.
///
/// # Errors
/// Why there is no expression that keeps the values.
pub(crate) fn remade(
    column: &ObjectId,
    data_type: &str,
    changes: &Changes,
) -> Result<Option<String>, String> {
    let ObjectId::Column { name, .. } = column else {
        return Ok(None);
    };
    let id = changes
        .next
        .needs(column)
        .find(|need| matches!(need, ObjectId::Type { .. }));
    match id {
        Some(id) => values(&name.to_string(), data_type, id, changes),
        // Only a collation was made anew.
        None => Ok(None),
    }
}

fn through_text(expression: &str, spelled: &str) -> String {
    format!("{expression}::text{}::{spelled}", brackets(spelled))
}

fn brackets(spelled: &str) -> &'static str {
    if spelled.ends_with("[]") { "[]" } else { "" }
}

fn values(
    expression: &str,
    spelled: &str,
    id: &ObjectId,
    changes: &Changes,
) -> Result<Option<String>, String> {
    match (changes.previous.get(id), changes.next.get(id)) {
        (Some(Object::Enum(_)), Some(Object::Enum(_))) => {
            Ok(Some(labels(expression, spelled, id, changes)))
        }
        (Some(Object::Domain(before)), Some(Object::Domain(after))) => {
            Ok(domain(expression, spelled, id, before, after, changes))
        }
        (Some(Object::Composite(before)), Some(Object::Composite(after))) => {
            composite(expression, spelled, id, before, after, changes).map(Some)
        }
        _ => Ok(Some(through_text(expression, spelled))),
    }
}

/// Labels pass through text; those that are mapped become the others on the way.
fn labels(expression: &str, spelled: &str, id: &ObjectId, changes: &Changes) -> String {
    let pairs = match id {
        ObjectId::Type { name } => label_mappings(name, changes),
        _ => Vec::new(),
    };
    if pairs.is_empty() {
        return through_text(expression, spelled);
    }
    if spelled.ends_with("[]") {
        let replaced = pairs
            .iter()
            .fold(format!("{expression}::text[]"), |inner, (from, to)| {
                format!("array_replace({inner}, {}, {})", literal(from), literal(to))
            });
        return format!("{replaced}::{spelled}");
    }
    let mut whens = String::new();
    for (from, to) in pairs {
        whens.push_str(&format!(" WHEN {} THEN {}", literal(from), literal(to)));
    }
    format!("(CASE {expression}::text{whens} ELSE {expression}::text END)::{spelled}")
}

/// What a domain is made of decides. An explicit cast to a domain cuts what is too long for it; the
/// assignment that ALTER TABLE makes by itself does not.
fn domain(
    expression: &str,
    spelled: &str,
    id: &ObjectId,
    before: &Domain,
    after: &Domain,
    changes: &Changes,
) -> Option<String> {
    let base = (changes.next.needs(id))
        .find(|need| matches!(changes.next.get(need), Some(Object::Enum(_))));
    if let Some(base) = base
        && before.data_type == after.data_type
    {
        return Some(labels(expression, spelled, base, changes));
    }
    if before.data_type == after.data_type {
        return (!brackets(spelled).is_empty()).then(|| through_text(expression, spelled));
    }
    if spelled.ends_with("[]") {
        return Some(through_text(expression, spelled));
    }
    cast::using(expression, &before.data_type, &after.data_type)
}

/// Attribute by attribute where the attributes are others, or hold labels that are mapped.
fn composite(
    expression: &str,
    spelled: &str,
    id: &ObjectId,
    before: &Composite,
    after: &Composite,
    changes: &Changes,
) -> Result<String, String> {
    let names = |composite: &Composite| -> Vec<_> {
        let attributes = composite.attributes.iter();
        attributes.map(|attribute| attribute.name.clone()).collect()
    };
    let inside: Vec<&ObjectId> = changes.next.needs(id).collect();
    let mapped = inside.iter().any(|need| match need {
        ObjectId::Type { name } => !label_mappings(name, changes).is_empty(),
        _ => false,
    });
    if names(before) == names(after) && !mapped {
        return Ok(through_text(expression, spelled));
    }
    if spelled.ends_with("[]") {
        return Err(format!(
            "values of {id} in an array can't be taken apart in ALTER TABLE: move them over by hand, with a \
             new column"
        ));
    }
    let attribute = |attribute: &Attribute| -> Result<String, String> {
        let Some(old) = (before.attributes.iter()).find(|old| old.name == attribute.name) else {
            return Ok("NULL".to_owned());
        };
        let value = format!("({expression}).{}", attribute.name);
        let of = inside
            .iter()
            .find(|need| spells(need, &attribute.data_type));
        match of {
            Some(of) if old.data_type == attribute.data_type => {
                Ok(values(&value, &attribute.data_type, of, changes)?.unwrap_or(value))
            }
            _ => Ok(cast::using(&value, &old.data_type, &attribute.data_type).unwrap_or(value)),
        }
    };
    let parts: Vec<String> = after
        .attributes
        .iter()
        .map(attribute)
        .collect::<Result<_, _>>()?;
    // `IS DISTINCT FROM` tells NULL from a row of NULLs.
    Ok(format!(
        "CASE WHEN {expression} IS DISTINCT FROM NULL THEN ROW({})::{spelled} END",
        parts.join(", ")
    ))
}

/// The USING expression for a column that gets another type; none where PostgreSQL's assignment cast does it. To a domain a
/// value goes as to what it is over, and is assigned then: cast, it would be cut to the length of that.
pub(super) fn retyped(
    column: &ObjectId,
    name: &str,
    previous: &str,
    next: &str,
    changes: &Changes,
) -> Option<String> {
    let (from, to) = under(column, previous, next, changes);
    match from == to {
        true => None,
        false => cast::using(name, &from, &to),
    }
}

/// The types below the domains that a column is of, before and after; its own where it is of none.
fn under(column: &ObjectId, previous: &str, next: &str, changes: &Changes) -> (String, String) {
    (
        base_of(column, previous, &changes.previous),
        base_of(column, next, &changes.next),
    )
}

fn base_of(id: &ObjectId, data_type: &str, schema: &Schema) -> String {
    if data_type.ends_with("[]") {
        return data_type.to_owned();
    }
    let mut needs = schema.needs(id);
    let domain = needs.find_map(|need| match schema.get(need) {
        Some(Object::Domain(domain)) if spells(need, data_type) => Some((need, domain)),
        _ => None,
    });
    match domain {
        Some((id, domain)) => base_of(id, &domain.data_type, schema),
        None => data_type.to_owned(),
    }
}

/// Whether `format_type` spells a type, or its array, like this.
fn spells(id: &ObjectId, data_type: &str) -> bool {
    let ObjectId::Type { name } = id else {
        return false;
    };
    let plain = data_type.trim_end_matches("[]").replace('"', "");
    plain == name.plain()
}

/// What it does to the table and its values that a column's type changes, or is made anew under its name:
/// code and message, the worst last.
pub(crate) fn effects(
    column: &ObjectId,
    previous: &str,
    next: &str,
    changes: &Changes,
) -> Vec<(HazardCode, String)> {
    if previous != next {
        let (from, to) = under(column, previous, next, changes);
        // Without its checks a domain is its base.
        let mut effects = match from == to {
            true => Vec::new(),
            false => cast::effects(&from, &to),
        };
        if to != next && is_of_strict_domain(&changes.next, column) {
            let refused = format!("fails, and changes nothing, if a value is refused by {next}");
            effects.insert(0, (HazardCode::MayFail, refused));
            if !effects
                .iter()
                .any(|(code, _)| *code == HazardCode::RewritesTable)
            {
                effects.insert(1, rewrites_for(previous, next));
            }
        }
        return effects;
    }
    let id = (changes.next.needs(column)).find(|need| matches!(need, ObjectId::Type { .. }));
    match id.map(|id| (changes.previous.get(id), changes.next.get(id))) {
        Some((Some(Object::Domain(before)), Some(Object::Domain(after))))
            if before.data_type != after.data_type =>
        {
            cast::effects(&before.data_type, &after.data_type)
        }
        Some((Some(Object::Range(_) | Object::Composite(_)), _)) => vec![
            (
                HazardCode::MayFail,
                format!("fails, and changes nothing, if a value can't be read as {next}"),
            ),
            rewrites(next),
        ],
        None => Vec::new(),
        Some(_) => vec![rewrites(next)],
    }
}

fn rewrites_for(previous: &str, next: &str) -> (HazardCode, String) {
    let whole = "writes the whole table anew under an exclusive lock";
    (
        HazardCode::RewritesTable,
        format!("{whole} ({previous} to {next})"),
    )
}

fn rewrites(data_type: &str) -> (HazardCode, String) {
    (
        HazardCode::RewritesTable,
        format!("writes the whole table anew under an exclusive lock ({data_type} is made anew)"),
    )
}
