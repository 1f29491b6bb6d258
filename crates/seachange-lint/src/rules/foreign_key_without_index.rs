//! A declared foreign key whose columns no index begins with.

use seachange_schema::model::{Constraint, ConstraintKind};
use seachange_schema::{Ident, Name, Object, ObjectId, Schema};

use super::{Check, Note, Rule};
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "foreign-key-without-index",
    severity: Severity::Warning,
    about: "to delete a row that is pointed at reads the whole table that points",
    check: Check::Declared,
};

pub(crate) fn check(schema: &Schema) -> Vec<Note> {
    let mut notes = Vec::new();
    for (id, object) in &schema.objects {
        let (ObjectId::Constraint { table, name }, Object::Constraint(key)) = (id, object) else {
            continue;
        };
        if key.kind != ConstraintKind::ForeignKey || !key.local || is_indexed(schema, table, key) {
            continue;
        }
        let columns: Vec<&str> = key.columns.iter().map(Ident::as_str).collect();
        let to = key.references.as_ref().map_or(String::new(), Name::plain);
        let table = table.plain();
        notes.push(
            Note::of_the_whole(
                format!("{table}.{}", name.as_str()),
                format!(
                    "each DELETE in `{to}`, and each UPDATE of its key, reads all of `{table}`, where no index begins with \
                     ({})",
                    columns.join(", ")
                ),
            )
            .help(match columns.as_slice() {
                [one] => format!("`indexed` on `{one}` in the entity"),
                _ => format!("an index on ({}) beside the entity", columns.join(", ")),
            }),
        );
    }
    notes
}

fn is_indexed(schema: &Schema, table: &Name, key: &Constraint) -> bool {
    let leads = |columns: &[Ident]| {
        let first = columns.get(..key.columns.len());
        first.is_some_and(|first| key.columns.iter().all(|column| first.contains(column)))
    };
    schema.objects.iter().any(|(id, object)| match (id, object) {
        (ObjectId::Constraint { table: of, .. }, Object::Constraint(other)) => {
            of == table
                && matches!(
                    other.kind,
                    ConstraintKind::PrimaryKey | ConstraintKind::Unique
                )
                && leads(&other.columns)
        }
        (_, Object::Index(index)) => {
            index.table == *table && covers_all(&index.definition, key) && leads(&keys(&index.definition))
        }
        _ => false,
    })
}

/// Whether a partial index leaves out nothing but NULLs, which point at nothing.
fn covers_all(definition: &str, key: &Constraint) -> bool {
    let Some((_, condition)) = definition.split_once(" WHERE ") else {
        return true;
    };
    let plain = condition.replace(['(', ')', '"'], "");
    let wanted = key.columns.iter().map(|column| format!("{} IS NOT NULL", column.as_str()));
    wanted.into_iter().any(|wanted| plain.trim() == wanted)
}

/// The columns of `btree (a, lower(b), c DESC) INCLUDE (d)`, up to the first expression.
pub(crate) fn keys(definition: &str) -> Vec<Ident> {
    let inner = definition.split_once('(').map_or("", |(_, rest)| rest);
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for letter in inner.chars() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
        .iter()
        .map(|part| part.trim())
        .map_while(|part| match part.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None if part.contains('(') => None,
            None => part.split_whitespace().next(),
        })
        .map(Ident::new)
        .collect()
}
