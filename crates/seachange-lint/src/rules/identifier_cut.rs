//! An identifier of more than 63 bytes: PostgreSQL cuts it, with a notice that nobody reads.

use super::{Check, Note, Rule};
use crate::file::Read;
use crate::finding::Severity;
use crate::syntax::SyntaxKind;

pub(crate) const RULE: Rule = Rule {
    code: "identifier-cut",
    severity: Severity::Error,
    about: "PostgreSQL cuts a name after 63 bytes",
    check: Check::File(check),
};

/// `NAMEDATALEN` less one (PostgreSQL manual, 4.1.1).
const LIMIT: usize = 63;

pub(crate) fn check(read: &Read<'_>) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for token in read.statements.iter().flat_map(|one| one.node.tokens()) {
        if token.kind != SyntaxKind::IDENT {
            continue;
        }
        let name = token.text.trim_matches('"').replace("\"\"", "\"");
        if name.len() <= LIMIT || notes.iter().any(|note| note.subject == name) {
            continue;
        }
        let mut end = LIMIT;
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        let message = format!(
            "`{name}` has {} bytes, and PostgreSQL makes `{}` of it",
            name.len(),
            &name[..end]
        );
        notes.push(
            Note::new(token.start, name, message).help("a name of at most 63 bytes, said explicitly"),
        );
    }
    notes
}
