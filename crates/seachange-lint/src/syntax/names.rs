//! Identifiers and qualified names, folded as PostgreSQL folds them.

use seachange_schema::name::DEFAULT_SCHEMA;
use seachange_schema::{Ident, Name};

use super::{Element, Node, SyntaxKind};

/// What one identifier's text means: quoted as it stands, else in lower case (PostgreSQL manual, 4.1.1).
fn folded(text: &str) -> String {
    match text.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => text.to_ascii_lowercase(),
    }
}

/// The one identifier in a node, the last where there are several: `a` of `s.t.a`.
pub(crate) fn ident(node: &Node<'_>) -> Option<Ident> {
    words(node).pop().map(Ident::new)
}

/// A name with its schema, which is `public` where none is said: every migration runs with that search_path.
pub(crate) fn name(node: &Node<'_>) -> Option<Name> {
    let mut words = words(node);
    let last = words.pop()?;
    let schema = words.pop().unwrap_or_else(|| DEFAULT_SCHEMA.to_owned());
    Some(Name::new(schema, last))
}

/// The names of every child of one of these kinds.
pub(crate) fn names_in(node: &Node<'_>, kinds: &[SyntaxKind]) -> Vec<Name> {
    node.nodes()
        .into_iter()
        .filter(|child| kinds.contains(&child.kind))
        .filter_map(name)
        .collect()
}

/// The words of a path, in order: identifiers, and the keywords that may be one.
fn words(node: &Node<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for element in node.elements() {
        match element {
            Element::Node(child)
                if matches!(
                    child.kind,
                    SyntaxKind::IF_EXISTS | SyntaxKind::IF_NOT_EXISTS
                ) => {}
            Element::Node(child) => found.extend(words(child)),
            Element::Token(token) => {
                if is_word(token.text) && !matches!(token.kind, SyntaxKind::ONLY_KW) {
                    found.push(folded(token.text));
                }
            }
        }
    }
    found
}

fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_' || first == '"')
}
