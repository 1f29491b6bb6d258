//! Outside a transaction: a statement that could run in one, beside others.

use super::{Check, Note, Rule};
use crate::deed::{ColumnChange, What};
use crate::file::Read;
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "mixed-no-transaction",
    severity: Severity::Warning,
    about: "a statement that could be undone with the rest is committed by itself",
    check: Check::File(check),
};

fn check(read: &Read<'_>) -> Vec<Note> {
    if read.file.transaction || read.statements.len() < 2 {
        return Vec::new();
    }
    let alone = read.statements.iter().filter(|one| !one.transaction);
    let mut deeds = alone.flat_map(|one| &one.deeds);
    let Some(deed) = deeds.find(|deed| wants_transaction(&deed.what)) else {
        return Vec::new();
    };
    vec![
        Note::new(
            deed.start,
            "",
            "is committed by itself: it stays when a later statement fails, and code meets what is half done",
        )
        .help(
            "put it between BEGIN and COMMIT with what belongs to it, or in a migration of its own; leave by itself what \
             PostgreSQL refuses there, and what is meant to be committed step by step",
        ),
    ]
}

/// What changes the shape of things at once. Validation, constraints over a ready index and the like are the online
/// recipes, which are made of steps.
fn wants_transaction(what: &What) -> bool {
    match what {
        What::CreateTable(_)
        | What::AddColumn { .. }
        | What::DropColumn { .. }
        | What::RenameColumn { .. }
        | What::Rename { .. }
        | What::CreateType { .. }
        | What::CreateView { .. }
        | What::Drop { .. }
        | What::Truncate { .. } => super::needs_no_transaction::refused(what).is_none(),
        What::AlterColumn { change, .. } => matches!(change, ColumnChange::Type { .. }),
        _ => false,
    }
}
