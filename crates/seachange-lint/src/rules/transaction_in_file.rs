//! BEGIN, COMMIT and their kin in a file that the runner puts in a transaction, or runs statement by statement.

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "transaction-in-file",
    severity: Severity::Error,
    about: "the file begins or ends a transaction itself",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::Transaction { word } = &site.deed.what else {
        return None;
    };
    // Outside a transaction the runner carries out what stands between these as one.
    let is_group = matches!(word.as_str(), "BEGIN" | "START" | "COMMIT" | "END");
    if !site.read.file.transaction && is_group {
        return None;
    }
    Some(
        site.note(
            word.clone(),
            format!("`{word}` takes the transaction out of the runner's hands, and the migration's record with it"),
        )
        .help(
            "leave it out: a migration is one transaction with its record; with `-- seachange: no-transaction` at the top \
             each statement is committed and journalled by itself, and what stands between BEGIN and COMMIT as one",
        ),
    )
}
