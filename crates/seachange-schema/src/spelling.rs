//! One spelling for what PostgreSQL deparses in two ways.
//!
//! `status IN ('a', 'b')` on a varchar column is first deparsed as an array that is cast,
//! `(ARRAY['a'::character varying, …])::text[]`. Read back, the parser moves the cast into the
//! elements, and from then on it is `ARRAY[('a'::character varying)::text, …]`. Both are the same
//! expression; here the first becomes the second, so that equal means equal.

mod arguments;
mod connectives;
mod identifiers;

use crate::model::{Object, Schema};

pub(crate) use identifiers::{closing, renamed};

/// Settles every expression of a schema.
pub fn settle(schema: &mut Schema) {
    for object in schema.objects.values_mut() {
        let parsed = matches!(object, Object::Function(_));
        let texts: Vec<&mut String> = match object {
            Object::Default(default) => vec![&mut default.expression],
            Object::Constraint(constraint) => vec![&mut constraint.definition],
            Object::Index(index) => vec![&mut index.definition],
            Object::View(view) => vec![&mut view.definition],
            Object::Trigger(trigger) => vec![&mut trigger.definition],
            Object::Rule(rule) => vec![&mut rule.definition],
            Object::Statistics(statistics) => statistics.expressions.iter_mut().collect(),
            Object::PublicationTable(table) => table.filter.iter_mut().collect(),
            Object::Policy(policy) => policy.using.iter_mut().chain(&mut policy.check).collect(),
            Object::Domain(domain) => {
                let checks = domain
                    .checks
                    .values_mut()
                    .map(|check| &mut check.definition);
                checks.chain(&mut domain.default).collect()
            }
            // What a parsed body says is deparsed too; other bodies are as they were written.
            Object::Function(function) if function.sql_body => vec![&mut function.definition],
            Object::Function(_)
            | Object::Schema(_)
            | Object::Extension(_)
            | Object::Enum(_)
            | Object::Composite(_)
            | Object::Range(_)
            | Object::Sequence(_)
            | Object::Table(_)
            | Object::Column(_)
            | Object::Privileges(_)
            | Object::DefaultPrivileges(_)
            | Object::Owner(_)
            | Object::Collation(_)
            | Object::TableMark(_)
            | Object::Publication(_)
            | Object::PublicationSchema
            | Object::EventTrigger(_) => Vec::new(),
        };
        for text in texts {
            if parsed {
                *text = arguments::unnamed(text);
            }
            // Most texts hold no array, and stay untouched.
            if text.contains("(ARRAY[") {
                *text = settled(text);
            }
            if let Some(flat) = connectives::flattened(text) {
                *text = flat;
            }
        }
    }
}

/// The text as PostgreSQL would spell it after it has read it once.
pub fn settled(text: &str) -> String {
    const OPEN: &str = "(ARRAY[";
    let mut settled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = find_outside_quotes(rest, OPEN) {
        let inside = &rest[at + OPEN.len()..];
        let Some((elements, behind)) = elements(inside) else {
            settled.push_str(&rest[..at + OPEN.len()]);
            rest = inside;
            continue;
        };
        let cast = behind
            .strip_prefix(")::")
            .and_then(|behind| behind.split_once("[]"))
            .filter(|(name, _)| is_type_name(name));
        match cast {
            Some((name, behind)) => {
                settled.push_str(&rest[..at]);
                let elements: Vec<String> = elements
                    .iter()
                    .map(|element| format!("({})::{name}", self::settled(element)))
                    .collect();
                settled.push_str(&format!("ARRAY[{}]", elements.join(", ")));
                rest = behind;
            }
            None => {
                settled.push_str(&rest[..at + OPEN.len()]);
                rest = inside;
            }
        }
    }
    settled.push_str(rest);
    settled
}

fn is_type_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '.' | '"' | '(' | ')' | ','))
}

/// The elements of an array constructor whose opening bracket has been read, and what follows the
/// closing one.
fn elements(text: &str) -> Option<(Vec<&str>, &str)> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    for (at, c) in Walk::new(text) {
        match c {
            '(' | '[' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            ']' if depth > 0 => depth -= 1,
            ']' => {
                found.push(text[start..at].trim());
                return Some((found, &text[at + 1..]));
            }
            ',' if depth == 0 => {
                found.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    None
}

fn find_outside_quotes(text: &str, wanted: &str) -> Option<usize> {
    Walk::new(text).find_map(|(at, _)| text[at..].starts_with(wanted).then_some(at))
}

/// Characters outside of string literals and quoted identifiers, with their places.
struct Walk<'a> {
    characters: std::str::CharIndices<'a>,
    quote: Option<char>,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            characters: text.char_indices(),
            quote: None,
        }
    }
}

impl Iterator for Walk<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<(usize, char)> {
        loop {
            let (at, c) = self.characters.next()?;
            match self.quote {
                // A doubled quote closes and opens again, which comes to the same.
                Some(quote) if c == quote => self.quote = None,
                Some(_) => {}
                None if matches!(c, '\'' | '"') => self.quote = Some(c),
                None => return Some((at, c)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::settled;

    #[test]
    fn a_cast_moves_into_the_elements() {
        assert_eq!(
            settled(
                "CHECK (((status)::text = ANY ((ARRAY['a, b'::character varying, 'c]'::character varying])::text[])))"
            ),
            "CHECK (((status)::text = ANY (ARRAY[('a, b'::character varying)::text, ('c]'::character varying)::text])))"
        );
    }

    #[test]
    fn what_is_settled_stays() {
        for text in [
            "CHECK ((status = ANY (ARRAY['a'::text, 'b'::text])))",
            "(ARRAY[1, 2])[1]",
            "'(ARRAY[1])::text[]'::text",
            "now()",
        ] {
            assert_eq!(settled(text), text);
            assert_eq!(settled(&settled(text)), settled(text));
        }
    }
}
