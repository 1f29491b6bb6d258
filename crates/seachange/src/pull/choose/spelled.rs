//! Names and lists of names out of text that PostgreSQL deparsed.

use seachange_schema::{Ident, Name};

/// A type's or table's name as it is spelled under `search_path = public`; none for anything else,
/// such as `double precision` or `numeric(10,2)`.
pub(super) fn name(text: &str) -> Option<Name> {
    let (first, rest) = identifier(text)?;
    match rest.strip_prefix('.') {
        None if rest.is_empty() => Some(Name::public(first.as_str())),
        None => None,
        Some(rest) => match identifier(rest)? {
            (second, "") => Some(Name::new(first.as_str(), second.as_str())),
            _ => None,
        },
    }
}

/// The first identifier, unquoted, and what follows it.
pub(super) fn identifier(text: &str) -> Option<(Ident, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
            .unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        return (!name.is_empty()).then(|| (Ident::new(name), rest));
    };
    let mut name = String::new();
    let mut characters = quoted.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' if characters.peek().is_some_and(|(_, next)| *next == '"') => {
                characters.next();
                name.push('"');
            }
            '"' => return Some((Ident::new(name), &quoted[at + 1..])),
            c => name.push(c),
        }
    }
    None
}

/// `(a, "B")` at the beginning, and what follows it.
pub(super) fn list(text: &str) -> Option<(Vec<Ident>, &str)> {
    let mut rest = text.strip_prefix('(')?;
    let mut names = Vec::new();
    loop {
        let (name, after) = identifier(rest)?;
        names.push(name);
        if let Some(after) = after.strip_prefix(')') {
            return Some((names, after));
        }
        rest = after.strip_prefix(", ")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_spelled() {
        assert_eq!(name("mood"), Some(Name::public("mood")));
        assert_eq!(
            name("app.\"My \"\"Mood\""),
            Some(Name::new("app", "My \"Mood"))
        );
        for other in ["double precision", "numeric(10,2)", "mood[]", "", "\"open"] {
            assert_eq!(name(other), None, "{other}");
        }
        let (names, rest) = list("(a, \"B c\") REFERENCES t(id)").unwrap();
        assert_eq!(names, [Ident::new("a"), Ident::new("B c")]);
        assert_eq!(rest, " REFERENCES t(id)");
        assert_eq!(list("(lower(a))"), None);
        assert_eq!(list("(a DESC)"), None);
    }
}
