//! What `pg_get_constraintdef` and `pg_get_indexdef` say of columns, where the model has it as text alone.

use seachange_schema::Ident;

/// The columns that a foreign key points at: `FOREIGN KEY (a) REFERENCES t(b) ON DELETE CASCADE`.
pub(crate) fn referenced_columns(definition: &str) -> Vec<Ident> {
    let Some(own) = group(definition) else {
        return Vec::new();
    };
    let Some(theirs) = group(own.behind) else {
        return Vec::new();
    };
    (parts(theirs.inside).into_iter())
        .filter_map(|part| identifier(part.strip_prefix("PERIOD ").unwrap_or(part)))
        .map(|(name, _)| name)
        .collect()
}

/// The columns of an index that is over nothing but columns, and over all rows: `btree (a, b DESC) INCLUDE (c)`.
pub(super) fn index_columns(definition: &str) -> Option<Vec<Ident>> {
    let keys = group(definition)?;
    if keys.behind.contains(" WHERE ") {
        return None;
    }
    (parts(keys.inside).into_iter())
        .map(|part| match identifier(part) {
            // What follows is an order or an operator class; a call or an expression is no column.
            Some((name, rest)) if rest.is_empty() || rest.starts_with(' ') => Some(name),
            _ => None,
        })
        .collect()
}

struct Group<'a> {
    inside: &'a str,
    behind: &'a str,
}

/// The first pair of parentheses.
fn group(text: &str) -> Option<Group<'_>> {
    let mut quoted = false;
    let mut depth = 0;
    let mut start = 0;
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '(' if !quoted => {
                if depth == 0 {
                    start = at + 1;
                }
                depth += 1;
            }
            ')' if !quoted && depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    return Some(Group {
                        inside: &text[start..at],
                        behind: &text[at + 1..],
                    });
                }
            }
            _ => {}
        }
    }
    None
}

/// What commas divide, outside of parentheses and quotes.
fn parts(text: &str) -> Vec<&str> {
    let (mut quoted, mut depth, mut start) = (false, 0, 0);
    let mut parts = Vec::new();
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

/// The identifier that a text begins with, unquoted, and what follows it.
fn identifier(text: &str) -> Option<(Ident, &str)> {
    let Some(inside) = text.strip_prefix('"') else {
        let end = text
            .find(|it: char| !(it.is_alphanumeric() || it == '_' || it == '$'))
            .unwrap_or(text.len());
        return (end > 0).then(|| (Ident::new(&text[..end]), &text[end..]));
    };
    let mut name = String::new();
    let mut rest = inside.char_indices().peekable();
    while let Some((at, character)) = rest.next() {
        match character {
            '"' if rest.peek().is_some_and(|(_, next)| *next == '"') => {
                name.push('"');
                rest.next();
            }
            '"' => return Some((Ident::new(name), &inside[at + 1..])),
            character => name.push(character),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(found: &[Ident]) -> Vec<&str> {
        found.iter().map(Ident::as_str).collect()
    }

    #[test]
    fn the_columns_that_a_key_points_at() {
        let of = |text: &str| referenced_columns(text);
        let plain = of("FOREIGN KEY (a, b) REFERENCES s.t(x, y) ON DELETE CASCADE");
        assert_eq!(names(&plain), ["x", "y"]);
        let odd = of(r#"FOREIGN KEY ("a)") REFERENCES "t(1"("x,""y") NOT VALID"#);
        assert_eq!(names(&odd), ["x,\"y"]);
        let period = of("FOREIGN KEY (a, PERIOD p) REFERENCES t(a, PERIOD q)");
        assert_eq!(names(&period), ["a", "q"]);
    }

    #[test]
    fn an_index_over_columns_alone() {
        let of = |text: &str| index_columns(text);
        assert_eq!(
            of("btree (a, \"B c\" DESC NULLS LAST) INCLUDE (d)")
                .as_deref()
                .map(names),
            Some(vec!["a", "B c"])
        );
        assert_eq!(of("btree (lower(a))"), None);
        assert_eq!(of("btree (a) WHERE (b IS NULL)"), None);
        assert_eq!(of("btree (((a)::text || b))"), None);
    }
}
