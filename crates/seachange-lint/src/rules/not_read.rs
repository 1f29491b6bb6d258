//! What the grammar of lint has no place for.

use super::{Check, Note, Rule};
use crate::deed::What;
use crate::file::Read;
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "not-read",
    severity: Severity::Warning,
    about: "a statement that lint can't read, and so did not check",
    check: Check::File(check),
};

fn check(read: &Read<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    let deeds = read.statements.iter().flat_map(|one| &one.deeds);
    for deed in deeds.filter(|deed| matches!(deed.what, What::Block)) {
        notes.push(
            Note::new(deed.start, "", "lint does not read what DO does")
                .help("plain statements, where they will do; else have somebody read it, and allow it"),
        );
    }
    let mut behind = 0;
    for (at, message) in &read.errors {
        // One for each statement: what follows an error is out of step.
        if *at < behind {
            continue;
        }
        let text = read.file.text;
        behind = text.get(*at..).and_then(|rest| rest.find(';')).map_or(text.len(), |end| at + end + 1);
        notes.push(
            Note::new(*at, "", format!("lint can't read this ({message}), and has checked nothing of it"))
                .help("if PostgreSQL can, allow it and have somebody read it; psql's backslash commands don't run in a migration"),
        );
    }
    notes
}
