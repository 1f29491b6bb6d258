//! An expression over one table's columns, with one of them under another name.

use crate::name::Ident;

/// `text`, as PostgreSQL deparses it, with the column `from` called `to`. None where the word may mean something
/// else than the column: behind `::`, COLLATE or a point, or before a parenthesis or a point.
pub(crate) fn renamed(text: &str, from: &Ident, to: &Ident) -> Option<String> {
    let mut renamed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = token(rest, first);
        let (word, behind) = rest.split_at(length);
        if names(word, from) {
            if !is_column(&renamed, behind) {
                return None;
            }
            renamed.push_str(&to.to_string());
        } else {
            renamed.push_str(word);
        }
        rest = behind;
    }
    Some(renamed)
}

/// How long the token at the beginning of `text` is: a quoted one whole, a word whole, else one character.
fn token(text: &str, first: char) -> usize {
    if matches!(first, '\'' | '"') {
        let escapes = first == '\'';
        let mut characters = text.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            if character == '\\' && escapes {
                characters.next();
            } else if character == first && !text[at + 1..].starts_with(first) {
                return at + 1;
            } else if character == first {
                // Doubled, it is one of the text.
                characters.next();
            }
        }
        return text.len();
    }
    let in_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$');
    if in_word(first) {
        return text
            .find(|character| !in_word(character))
            .unwrap_or(text.len());
    }
    first.len_utf8()
}

fn names(word: &str, column: &Ident) -> bool {
    word == column.as_str() || word == column.to_string()
}

fn is_column(before: &str, behind: &str) -> bool {
    let before = before.trim_end();
    let word_before = (before.rsplit(|character: char| !character.is_alphanumeric()))
        .next()
        .unwrap_or_default();
    !before.ends_with("::")
        && !before.ends_with('.')
        && !word_before.eq_ignore_ascii_case("collate")
        && !behind.starts_with(['.', '(', '"'])
}

/// Behind the parenthesis that closes the first one of a text; names and strings may hold some, in quotes.
pub(crate) fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to_new(text: &str) -> Option<String> {
        renamed(text, &Ident::new("a"), &Ident::new("a__new"))
    }

    #[test]
    fn only_the_column_is_renamed() {
        assert_eq!(
            to_new(r#"btree (lower(a), b, ab) WHERE ((a)::text <> 'a''a'::text)"#).as_deref(),
            Some(r#"btree (lower("a__new"), b, ab) WHERE (("a__new")::text <> 'a''a'::text)"#)
        );
        assert_eq!(
            to_new(r#""a" > "b""a""#).as_deref(),
            Some(r#""a__new" > "b""a""#)
        );
    }

    #[test]
    fn what_may_be_a_type_a_function_or_a_collation_is_left_alone() {
        for text in ["b::a", "a(b)", r#"b COLLATE "a""#, "a.b", "s.a"] {
            assert_eq!(to_new(text), None, "{text}");
        }
    }
}
