//! What the rows of a partition have to satisfy, in words from which PostgreSQL sees that they do: as it says it itself in
//! `pg_get_partition_constraintdef`, read from the partition key and the bound.

use std::collections::BTreeSet;

use crate::model::{Column, Object, ObjectId, Partition, Schema};
use crate::name::{Ident, Name};
use crate::plan::heirs;

/// What a partition's bound says, without what those of its parents say. None for a default partition, and for keys
/// that this doesn't read: expressions, collations and operator classes of their own, ranges over several columns.
pub(super) fn own(schema: &Schema, partition: &Partition) -> Option<String> {
    let Partition { parent, bound } = partition;
    let (strategy, columns) = key(schema, parent)?;
    let bound = bound.strip_prefix("FOR VALUES ")?;
    match (strategy, columns.as_slice()) {
        ("RANGE", [(column, _)]) => range(column, bound),
        ("LIST", [(column, _)]) => list(column, bound),
        ("HASH", columns) => hash(parent, columns, bound),
        _ => None,
    }
}

/// How a table is partitioned, and by which of its columns. None where it is by anything else.
fn key<'a>(schema: &'a Schema, table: &Name) -> Option<(&'a str, Vec<(Ident, &'a Column)>)> {
    let id = ObjectId::Table {
        name: table.clone(),
    };
    let Some(Object::Table(found)) = schema.get(&id) else {
        return None;
    };
    let (strategy, key) = found.partition_by.as_deref()?.split_once(" (")?;
    let columns = (split(key.strip_suffix(')')?)?.into_iter())
        .map(|column| {
            let name = unquoted(column)?;
            match schema.get(&ObjectId::Column {
                table: table.clone(),
                name: name.clone(),
            }) {
                Some(Object::Column(column)) => Some((name, column)),
                _ => None,
            }
        })
        .collect::<Option<_>>()?;
    Some((strategy, columns))
}

/// The columns that say in which partition of a table, and of those above it, a row is.
pub(super) fn columns(schema: &Schema, table: &Name) -> Option<BTreeSet<Ident>> {
    let mut columns: BTreeSet<Ident> = (key(schema, table)?.1.into_iter())
        .map(|(name, _)| name)
        .collect();
    for parent in heirs::parents(schema, table) {
        columns.extend(self::columns(schema, parent)?);
    }
    Some(columns)
}

/// The same with what those of its parents say.
pub(super) fn whole(schema: &Schema, partition: &Partition) -> Option<String> {
    let own = own(schema, partition)?;
    let id = ObjectId::Table {
        name: partition.parent.clone(),
    };
    match schema.get(&id) {
        Some(Object::Table(table)) => match &table.partition_of {
            Some(above) => Some(format!("{} AND {own}", whole(schema, above)?)),
            None => Some(own),
        },
        _ => None,
    }
}

fn range(column: &Ident, bound: &str) -> Option<String> {
    let (from, to) = bound.strip_prefix("FROM (")?.rsplit_once(") TO (")?;
    let [from] = split(from)?[..] else {
        return None;
    };
    let [to] = split(to.strip_suffix(')')?)?[..] else {
        return None;
    };
    let mut text = format!("{column} IS NOT NULL");
    if from != "MINVALUE" {
        text.push_str(&format!(" AND {column} >= {}", value(from)?));
    }
    if to != "MAXVALUE" {
        text.push_str(&format!(" AND {column} < {}", value(to)?));
    }
    Some(text)
}

fn list(column: &Ident, bound: &str) -> Option<String> {
    let all = split(bound.strip_prefix("IN (")?.strip_suffix(')')?)?;
    let values = (all.iter().filter(|one| **one != "NULL"))
        .map(|one| value(one))
        .collect::<Option<Vec<String>>>()?;
    let some = format!("{column} IN ({})", values.join(", "));
    Some(match (values.is_empty(), values.len() < all.len()) {
        (true, _) => format!("{column} IS NULL"),
        (false, true) => format!("({column} IS NULL OR {some})"),
        (false, false) => format!("{column} IS NOT NULL AND {some}"),
    })
}

/// PostgreSQL's own call has no collation, so that only what has none either is the same.
fn hash(parent: &Name, columns: &[(Ident, &Column)], bound: &str) -> Option<String> {
    const UNCOLLATED: [&str; 6] = ["smallint", "integer", "bigint", "uuid", "date", "numeric"];
    let all = columns
        .iter()
        .all(|(_, column)| UNCOLLATED.contains(&column.data_type.as_str()));
    let (modulus, remainder) = bound
        .strip_prefix("WITH (modulus ")?
        .split_once(", remainder ")?;
    let remainder = remainder.strip_suffix(')')?;
    let names: Vec<String> = columns.iter().map(|(name, _)| name.to_string()).collect();
    let table = crate::name::literal(&parent.to_string());
    all.then(|| {
        format!(
            "satisfies_hash_partition({table}::regclass, {modulus}, {remainder}, {})",
            names.join(", ")
        )
    })
}

/// A literal without a type takes on the column's, as the bound's did.
fn value(text: &str) -> Option<String> {
    let plain = text.strip_prefix('-').unwrap_or(text);
    if text.starts_with('\'') && text.ends_with('\'') {
        Some(text.to_owned())
    } else if matches!(text, "true" | "false")
        || plain.starts_with(|first: char| first.is_ascii_digit())
    {
        Some(format!("'{text}'"))
    } else {
        None
    }
}

fn unquoted(text: &str) -> Option<Ident> {
    match text.strip_prefix('"') {
        Some(rest) => Some(Ident::new(rest.strip_suffix('"')?.replace("\"\"", "\""))),
        None => Some(Ident::new(text)),
    }
}

/// At the commas that stand in no quotes. None where there are parentheses outside of quotes.
fn split(text: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let mut quote = None;
    let mut start = 0;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            (None, '(' | ')') => return None,
            (None, ',') => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    quote.is_none().then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_read() {
        let column = Ident::new("a\"b");
        let read = |bound: &str| range(&column, bound).or_else(|| list(&column, bound));
        let q = r#""a""b""#;
        for (bound, expected) in [
            (
                "FROM ('x, ''y'')') TO (MAXVALUE)",
                Some(format!("{q} IS NOT NULL AND {q} >= 'x, ''y'')'")),
            ),
            (
                "FROM (MINVALUE) TO (1.5)",
                Some(format!("{q} IS NOT NULL AND {q} < '1.5'")),
            ),
            ("FROM (1, 2) TO (3, 4)", None),
            ("IN (NULL)", Some(format!("{q} IS NULL"))),
            (
                "IN (true, NULL)",
                Some(format!("({q} IS NULL OR {q} IN ('true'))")),
            ),
            (
                "IN ('a', 'b')",
                Some(format!("{q} IS NOT NULL AND {q} IN ('a', 'b')")),
            ),
            ("IN (E'a\\\\')", None),
        ] {
            assert_eq!(read(bound), expected, "{bound}");
        }
    }
}
