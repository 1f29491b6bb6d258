//! No way back.

use super::{Check, Note, Rule};
use crate::file::{Direction, Read};
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "missing-down",
    severity: Severity::Error,
    about: "a migration can't be rolled back",
    check: Check::File(check),
};

fn check(read: &Read<'_>) -> Vec<Note> {
    let Direction::Down { target } = read.file.direction else {
        return Vec::new();
    };
    let empty = read.statements.is_empty() && read.errors.is_empty();
    // Where nothing was changed, nothing has to be undone.
    let changed = match (read.file.before, target) {
        (Some(after), Some(before)) => after != before,
        _ => true,
    };
    if !empty || !changed {
        return Vec::new();
    }
    vec![
        Note::of_the_whole("", "nothing here undoes what up.sql does")
            .help("write the statements that lead back; `diff --from … --to … --down` prints them"),
    ]
}
