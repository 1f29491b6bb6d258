//! The first words of a statement: names, as they are quoted here or as PostgreSQL deparses them.

use crate::name::{Ident, Name};

pub(super) fn only(text: &str) -> (bool, &str) {
    match text.strip_prefix("ONLY ") {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

/// The relation's name at the beginning, quoted or as PostgreSQL deparses it, and what stands behind it.
pub(super) fn relation(text: &str) -> Option<(Name, &str)> {
    let (first, rest) = ident(text)?;
    match rest.strip_prefix('.') {
        Some(rest) => {
            let (name, rest) = ident(rest)?;
            Some((Name::new(first.as_str(), name.as_str()), rest))
        }
        None => Some((Name::public(first.as_str()), rest)),
    }
}

pub(super) fn ident(text: &str) -> Option<(Ident, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let mut name = String::new();
        let mut characters = quoted.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            if character != '"' {
                name.push(character);
            } else if characters.next_if(|(_, next)| *next == '"').is_some() {
                name.push('"');
            } else {
                return Some((Ident::new(name), &quoted[at + 1..]));
            }
        }
        return None;
    }
    let end = text
        .find(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '$')))
        .unwrap_or(text.len());
    (end > 0).then(|| (Ident::new(&text[..end]), &text[end..]))
}

/// The relation of a column that is spelled out: what stands before the last dot.
pub(super) fn relation_of_column(text: &str) -> Option<Name> {
    let (first, rest) = ident(text)?;
    let (second, rest) = ident(rest.strip_prefix('.')?)?;
    Some(match rest.starts_with('.') {
        true => Name::new(first.as_str(), second.as_str()),
        false => Name::public(first.as_str()),
    })
}

/// The table and the column whose greatest value, or least, a sequence goes on behind.
pub(super) fn greatest_value(sql: &str) -> Option<(Name, Ident)> {
    let (read, condition) = sql
        .strip_prefix("SELECT setval(")?
        .rsplit_once(" HAVING ")?;
    let column = (condition.strip_prefix("max(")).or_else(|| condition.strip_prefix("min("))?;
    let (_, table) = read.rsplit_once(") FROM ")?;
    Some((relation(table)?.0, ident(column)?.0))
}

pub(super) fn after_name(text: &str) -> &str {
    ident(text).map_or(text, |(_, rest)| rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_quoted_and_bare() {
        let read = |text: &'static str| relation(text).map(|(name, rest)| (name.plain(), rest));
        assert_eq!(read(r#""a""b" ADD"#), Some(("a\"b".to_owned(), " ADD")));
        assert_eq!(read(r#""s"."t""#), Some(("s.t".to_owned(), "")));
        assert_eq!(read("s.t(id)"), Some(("s.t".to_owned(), "(id)")));
        assert_eq!(read(""), None);
    }

    #[test]
    fn a_column_is_read_with_and_without_its_schema() {
        let read = |text| relation_of_column(text).map(|name| name.plain());
        assert_eq!(read(r#""t"."c" IS NULL"#), Some("t".to_owned()));
        assert_eq!(read(r#""s"."t"."c" IS 'x'"#), Some("s.t".to_owned()));
        assert_eq!(read(r#""t" IS NULL"#), None);
    }

    #[test]
    fn a_sequence_that_goes_on_behind_the_rows_is_known_from_one_that_hands_over() {
        let read = |sql| greatest_value(sql).map(|(table, column)| (table.plain(), column));
        assert_eq!(
            read(r#"SELECT setval('"t_c_seq"'::regclass, max("c")) FROM "t" HAVING max("c") >= 1"#),
            Some(("t".to_owned(), Ident::new("c")))
        );
        assert_eq!(
            read(r#"SELECT setval('"a"'::regclass, last_value, is_called) FROM "b""#),
            None
        );
    }
}
