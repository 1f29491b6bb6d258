//! Arguments in the parsed body of a function. `SELECT $1` is first deparsed as `SELECT "name"`; read back,
//! the output column has the argument's name, and from then on it is `SELECT "name" AS "name"`.

use super::Walk;

/// The text without output names that say what stands before them anyway.
pub(super) fn unnamed(text: &str) -> String {
    const AS: &str = " AS ";
    let places: Vec<usize> = Walk::new(text)
        .filter(|(at, c)| *c == ' ' && text[*at..].starts_with(AS))
        .map(|(at, _)| at)
        .collect();
    let mut unnamed = String::with_capacity(text.len());
    let mut from = 0;
    for at in places {
        let name = identifier(&text[at + AS.len()..]);
        let before = text[..at].strip_suffix(name).unwrap_or_default();
        let alone = before.ends_with([' ', '\n', ',', '(']);
        if !name.is_empty() && alone {
            unnamed.push_str(&text[from..at]);
            from = at + AS.len() + name.len();
        }
    }
    unnamed.push_str(&text[from..]);
    unnamed
}

/// The identifier that a text begins with, as it is written.
fn identifier(text: &str) -> &str {
    let end = if text.starts_with('"') {
        let mut quotes = text.match_indices('"').skip(1).peekable();
        loop {
            match quotes.next() {
                Some((at, _)) if text[at + 1..].starts_with('"') => {
                    quotes.next();
                }
                Some((at, _)) => break at + 1,
                None => break 0,
            }
        }
    } else {
        text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
            .unwrap_or(text.len())
    };
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::unnamed;

    #[test]
    fn a_name_that_says_nothing_is_left_out() {
        for (text, expected) in [
            ("SELECT \"Kind\" AS \"Kind\";", "SELECT \"Kind\";"),
            ("SELECT a AS a,\n    b AS c", "SELECT a,\n    b AS c"),
            ("SELECT \"a\"\"b\" AS \"a\"\"b\"", "SELECT \"a\"\"b\""),
        ] {
            assert_eq!(unnamed(text), expected);
        }
    }

    #[test]
    fn other_names_stay() {
        for text in ["SELECT t.a AS a", "SELECT ba AS a", "SELECT ' AS a' AS a"] {
            assert_eq!(unnamed(text), text);
        }
    }
}
