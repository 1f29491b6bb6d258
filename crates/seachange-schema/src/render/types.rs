//! Enums, domains, composite and range types.

use super::comment;
use super::{Alteration, Work};
use crate::model::{Attribute, Collation, Composite, Domain, Enum, Object, ObjectId, Range};
use crate::name::{Ident, Name, literal};
use crate::plan::HazardCode;

/// CREATE TYPE or DOMAIN, with the comments on its parts.
pub(super) fn create_type(name: &Name, object: &Object) -> Work {
    let mut work = Work::of(create(name, object));
    match object {
        Object::Domain(domain) => {
            for (check, found) in &domain.checks {
                work.statements
                    .extend(check_comment(name, check, None, found.comment.as_deref()));
            }
        }
        Object::Composite(composite) => {
            for attribute in &composite.attributes {
                let text = attribute.comment.as_deref();
                work.statements
                    .extend(attribute_comment(name, &attribute.name, None, text));
            }
        }
        _ => {}
    }
    work
}

fn check_comment(
    domain: &Name,
    check: &Ident,
    previous: Option<&str>,
    next: Option<&str>,
) -> Option<String> {
    let text = next.map_or_else(|| "NULL".to_owned(), literal);
    (previous != next)
        .then(|| format!("COMMENT ON CONSTRAINT {check} ON DOMAIN {domain} IS {text}"))
}

fn attribute_comment(
    composite: &Name,
    attribute: &Ident,
    previous: Option<&str>,
    next: Option<&str>,
) -> Option<String> {
    let text = next.map_or_else(|| "NULL".to_owned(), literal);
    (previous != next).then(|| format!("COMMENT ON COLUMN {composite}.{attribute} IS {text}"))
}

pub(super) fn create_collation(name: &Name, collation: &Collation) -> String {
    let options: Vec<String> = (collation.options.iter())
        .map(|(key, value)| match key.as_str() {
            "provider" | "deterministic" => format!("{key} = {value}"),
            _ => format!("{key} = {}", literal(value)),
        })
        .collect();
    format!("CREATE COLLATION {name} ({})", options.join(", "))
}

/// What a collation says can't be changed.
pub(super) fn alter_collation(id: &ObjectId, previous: &Collation, next: &Collation) -> Alteration {
    let Collation {
        options,
        comment: text,
    } = previous;
    if *options != next.options {
        return Alteration::Recreate;
    }
    let mut work = Work::default();
    work.statements.extend(comment::changed(
        id,
        &Object::Collation(next.clone()),
        text.as_deref(),
        next.comment.as_deref(),
    ));
    Alteration::InPlace(work)
}

fn create(name: &Name, object: &Object) -> String {
    match object {
        Object::Enum(found) => {
            let labels: Vec<String> = found.labels.iter().map(|label| literal(label)).collect();
            format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", "))
        }
        Object::Domain(domain) => create_domain(name, domain),
        Object::Composite(composite) => {
            let attributes: Vec<String> = composite.attributes.iter().map(attribute_sql).collect();
            format!("CREATE TYPE {name} AS ({})", attributes.join(", "))
        }
        Object::Range(range) => {
            let options: Vec<String> = range
                .options
                .iter()
                .map(|(key, value)| format!("{key} = {value}"))
                .collect();
            format!("CREATE TYPE {name} AS RANGE ({})", options.join(", "))
        }
        _ => unreachable!("{name} is no type"),
    }
}

fn create_domain(name: &Name, domain: &Domain) -> String {
    let Domain {
        data_type,
        collation,
        not_null,
        default,
        checks,
        comment: _,
    } = domain;
    let mut sql = format!("CREATE DOMAIN {name} AS {data_type}");
    if let Some(collation) = collation {
        sql.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(default) = default {
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    if *not_null {
        sql.push_str(" NOT NULL");
    }
    for (check, found) in checks {
        sql.push_str(&format!(" CONSTRAINT {check} {}", found.definition));
    }
    sql
}

fn attribute_sql(attribute: &Attribute) -> String {
    let Attribute {
        name,
        data_type,
        collation,
        comment: _,
    } = attribute;
    match collation {
        Some(collation) => format!("{name} {data_type} COLLATE {collation}"),
        None => format!("{name} {data_type}"),
    }
}

/// Labels can be added, not taken away or moved: then the type is made anew and its columns pass over.
pub(super) fn alter_enum(name: &Name, previous: &Enum, next: &Enum) -> Alteration {
    let Enum {
        labels,
        comment: text,
    } = previous;
    let kept: Vec<&String> = next
        .labels
        .iter()
        .filter(|label| labels.contains(label))
        .collect();
    if !kept.into_iter().eq(labels.iter()) {
        return Alteration::Recreate;
    }
    let mut work = Work::default();
    for (at, label) in next.labels.iter().enumerate() {
        if labels.contains(label) {
            continue;
        }
        let place = match at.checked_sub(1).and_then(|before| next.labels.get(before)) {
            // Appending needs no word about the place.
            Some(_)
                if next.labels[at..]
                    .iter()
                    .all(|later| !labels.contains(later)) =>
            {
                String::new()
            }
            Some(before) => format!(" AFTER {}", literal(before)),
            None => match labels.first() {
                Some(first) => format!(" BEFORE {}", literal(first)),
                None => String::new(),
            },
        };
        work.add(format!(
            "ALTER TYPE {name} ADD VALUE {}{place}",
            literal(label)
        ));
    }
    let id = ObjectId::Type { name: name.clone() };
    work.statements.extend(comment::changed(
        &id,
        &Object::Enum(next.clone()),
        text.as_deref(),
        next.comment.as_deref(),
    ));
    Alteration::InPlace(work)
}

pub(super) fn alter_domain(name: &Name, previous: &Domain, next: &Domain) -> Alteration {
    let Domain {
        data_type,
        collation,
        not_null,
        default,
        checks,
        comment: text,
    } = previous;
    if *data_type != next.data_type || *collation != next.collation {
        return Alteration::Recreate;
    }
    let mut work = Work::default();
    let mut alter = |what: String| work.statements.push(format!("ALTER DOMAIN {name} {what}"));
    let stays = |check: &Ident| {
        let definition = |side: &'_ Domain| side.checks.get(check).map(|it| it.definition.clone());
        definition(previous) == definition(next)
    };
    for check in checks.keys() {
        if !stays(check) {
            alter(format!("DROP CONSTRAINT {check}"));
        }
    }
    if *default != next.default {
        alter(match &next.default {
            Some(default) => format!("SET DEFAULT {default}"),
            None => "DROP DEFAULT".to_owned(),
        });
    }
    if *not_null != next.not_null {
        alter(
            if next.not_null {
                "SET NOT NULL"
            } else {
                "DROP NOT NULL"
            }
            .to_owned(),
        );
    }
    for (check, found) in &next.checks {
        if !stays(check) {
            alter(format!("ADD CONSTRAINT {check} {}", found.definition));
        }
    }
    if previous.stricter(next) {
        work.risk(
            HazardCode::MayFail,
            name.plain(),
            format!(
                "fails, and changes nothing, if a row holds a value that {} no longer allows",
                name.plain()
            ),
            "look for such rows first",
        );
        work.risk(
            HazardCode::BlocksWrites,
            name.plain(),
            format!(
                "writers of every table with a column of {} wait while its rows are checked",
                name.plain()
            ),
            "",
        );
    }
    for (check, found) in &next.checks {
        let before = checks.get(check).filter(|_| stays(check));
        work.statements.extend(check_comment(
            name,
            check,
            before.and_then(|before| before.comment.as_deref()),
            found.comment.as_deref(),
        ));
    }
    let id = ObjectId::Type { name: name.clone() };
    work.statements.extend(comment::changed(
        &id,
        &Object::Domain(next.clone()),
        text.as_deref(),
        next.comment.as_deref(),
    ));
    Alteration::InPlace(work)
}

pub(super) fn alter_composite(name: &Name, previous: &Composite, next: &Composite) -> Alteration {
    let Composite {
        attributes,
        comment: text,
    } = previous;
    let names = |attributes: &[Attribute]| -> Vec<Ident> {
        attributes
            .iter()
            .map(|attribute| attribute.name.clone())
            .collect()
    };
    let (before, after) = (names(attributes), names(&next.attributes));
    // New attributes go to the end; any other order means a new type.
    let kept: Vec<&Ident> = before.iter().filter(|name| after.contains(name)).collect();
    if !after.iter().take(kept.len()).eq(kept) {
        return Alteration::Recreate;
    }
    let mut work = Work::default();
    let mut alter = |what: String| work.statements.push(format!("ALTER TYPE {name} {what}"));
    for attribute in attributes
        .iter()
        .filter(|attribute| !after.contains(&attribute.name))
    {
        alter(format!("DROP ATTRIBUTE {}", attribute.name));
    }
    for attribute in next
        .attributes
        .iter()
        .filter(|attribute| !before.contains(&attribute.name))
    {
        alter(format!("ADD ATTRIBUTE {}", attribute_sql(attribute)));
    }
    // Where a column holds the type, it has been made anew: see the planner.
    for attribute in &next.attributes {
        if (attributes.iter())
            .any(|before| before.name == attribute.name && !alike(before, attribute))
        {
            let sql = attribute_sql(attribute);
            let (name, rest) = sql.split_at(attribute.name.to_string().len());
            alter(format!("ALTER ATTRIBUTE {name} TYPE{rest}"));
        }
    }
    for attribute in &next.attributes {
        let before = attributes
            .iter()
            .find(|before| before.name == attribute.name);
        work.statements.extend(attribute_comment(
            name,
            &attribute.name,
            before.and_then(|before| before.comment.as_deref()),
            attribute.comment.as_deref(),
        ));
    }
    let id = ObjectId::Type { name: name.clone() };
    work.statements.extend(comment::changed(
        &id,
        &Object::Composite(next.clone()),
        text.as_deref(),
        next.comment.as_deref(),
    ));
    Alteration::InPlace(work)
}

/// Whether two attributes of one name hold the same values.
pub(crate) fn alike(before: &Attribute, after: &Attribute) -> bool {
    before.data_type == after.data_type && before.collation == after.collation
}

pub(super) fn alter_range(name: &Name, previous: &Range, next: &Range) -> Alteration {
    let Range {
        options,
        comment: text,
    } = previous;
    if *options != next.options {
        return Alteration::Recreate;
    }
    let id = ObjectId::Type { name: name.clone() };
    let mut work = Work::default();
    work.statements.extend(comment::changed(
        &id,
        &Object::Range(next.clone()),
        text.as_deref(),
        next.comment.as_deref(),
    ));
    Alteration::InPlace(work)
}
