//! Keys: which rows have the same one, and which point at a row that is not there.

use super::{About, Asking, Question};
use crate::model::{Constraint, ConstraintKind, Object, Schema};
use crate::name::{Ident, Name};
use crate::spelling::closing;

/// The rows whose foreign key points nowhere. MATCH FULL is asked like MATCH SIMPLE.
pub(super) fn orphans(asking: &Asking<'_>, table: &Name, key: &Constraint) -> Option<Question> {
    let other = key.references.as_ref()?;
    let (_, target) = key.definition.split_once(" REFERENCES ")?;
    let referred = match target.split_once('(') {
        Some((_, list)) => list
            .split_once(')')?
            .0
            .split(", ")
            .map(str::to_owned)
            .collect(),
        None => primary_key(&asking.changes.previous, other)?,
    };
    let own = in_order(&key.definition)?;
    let present: Vec<String> = own
        .iter()
        .map(|column| format!("t.{column} IS NOT NULL"))
        .collect();
    let same: Vec<String> = (own.iter().zip(&referred))
        .map(|(column, referred)| format!("o.{referred} = t.{column}"))
        .collect();
    let key_of_row: Vec<String> = super::row_key(&asking.changes.previous, table)
        .split(", ")
        .map(|column| format!("t.{column}"))
        .collect();
    Some(Question {
        about: About::ForeignKey,
        subject: asking.id.plain(),
        wrong: format!(
            "rows that point at a row of {} which is not there",
            other.plain()
        ),
        sql: format!(
            "SELECT {} FROM {table} t WHERE {} AND NOT EXISTS (SELECT FROM {other} o WHERE {})",
            key_of_row.join(", "),
            present.join(" AND "),
            same.join(" AND ")
        ),
        probe: false,
    })
}

/// The columns of `FOREIGN KEY (a, "B") REFERENCES …`, as they stand there.
fn in_order(definition: &str) -> Option<Vec<String>> {
    let list = definition.split_once('(')?.1.split_once(") REFERENCES ")?.0;
    Some(list.split(", ").map(str::to_owned).collect())
}

fn primary_key(schema: &Schema, table: &Name) -> Option<Vec<String>> {
    schema.objects.iter().find_map(|(id, object)| match object {
        Object::Constraint(key)
            if key.kind == ConstraintKind::PrimaryKey && id.relation() == Some(table) =>
        {
            Some(key.columns.iter().map(Ident::to_string).collect())
        }
        _ => None,
    })
}

/// The expressions of an index and its condition, out of `btree (lower(email) text_pattern_ops, id DESC) WHERE (…)`.
pub(super) fn of_index(definition: &str) -> Option<(Vec<String>, Option<&str>)> {
    let open = definition.find('(')?;
    let close = open + closing(&definition[open..])?;
    let mut expressions = Vec::new();
    let mut rest = &definition[open + 1..close - 1];
    while !rest.is_empty() {
        let end = expression(rest)?;
        expressions.push(rest[..end].to_owned());
        // Operator class, order and collation don't change what is the same.
        let behind = &rest[end..];
        rest = match behind.find(", ") {
            Some(comma) => &behind[comma + 2..],
            None => "",
        };
    }
    let condition = definition[close..]
        .split_once(" WHERE ")
        .map(|(_, text)| text);
    Some((expressions, condition))
}

/// Where the first expression of an index ends: a name, a call or what stands in parentheses.
fn expression(text: &str) -> Option<usize> {
    if text.starts_with('(') {
        return closing(text);
    }
    let mut quoted = false;
    let name = text
        .find(|character: char| {
            quoted ^= character == '"';
            !quoted && matches!(character, ' ' | ',' | '(')
        })
        .unwrap_or(text.len());
    match text[name..].starts_with('(') {
        true => Some(name + closing(&text[name..])?),
        false => Some(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_taken_apart() {
        let (expressions, condition) = of_index(
            r#"btree (lower(email) text_pattern_ops, "a, b" DESC, ((x + 1)), id COLLATE "C") INCLUDE (z) WHERE (a > ')'::text)"#,
        )
        .unwrap();
        assert_eq!(
            expressions,
            ["lower(email)", r#""a, b""#, "((x + 1))", "id"]
        );
        assert_eq!(condition, Some("(a > ')'::text)"));
    }
}
