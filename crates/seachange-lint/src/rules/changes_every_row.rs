//! UPDATE or DELETE without WHERE on a table that was there before.

use super::{Check, Note, Rule, Site};
use crate::deed::{RowChange, What};
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "changes-every-row",
    severity: Severity::Warning,
    about: "one statement changes every row of a table",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::ChangeRows {
        table,
        by: RowChange::Every { delete },
    } = &site.deed.what
    else {
        return None;
    };
    if !site.state.is_old(table) {
        return None;
    }
    let table = table.plain();
    let (message, help) = match delete {
        true => (
            format!("deletes every row of `{table}`, and holds each row's lock until the end"),
            "if that is meant: TRUNCATE while nobody needs the table, or DELETE in batches by key",
        ),
        false => (
            format!(
                "writers of `{table}` wait for the rows that are changed already until the last one is, and the table \
                 grows to twice its size"
            ),
            "UPDATE … WHERE the key is in the next thousand, each batch committed by itself: in a migration in Rust, or \
             in a procedure that commits, with `-- seachange: no-transaction`",
        ),
    };
    Some(
        site.note(table, message)
            .help(help)
            .impact(site.impact(Work::ChangeRows)),
    )
}
