//! Rows changed in a transaction that holds a lock on a table that is in use.

use super::{Check, Note, Rule, Site};
use crate::deed::{RowChange, What};
use crate::finding::{Impact, Lock, Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "backfill-under-lock",
    severity: Severity::Warning,
    about: "rows are changed while the transaction holds a lock that others wait for",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::ChangeRows { table, by } = &site.deed.what else {
        return None;
    };
    if !site.in_transaction() || *by == RowChange::Insert || !site.state.is_old(table) {
        return None;
    }
    let (locked, lock, since) = site
        .state
        .held
        .iter()
        .filter(|(_, lock, _)| *lock >= Lock::Share)
        .max_by_key(|(_, lock, _)| *lock)?;
    let line = site.read.place(*since).line;
    Some(
        site.note(
            table.plain(),
            format!(
                "{} of `{}` wait until every row is changed: line {line} took the lock, and the transaction keeps it",
                lock.blocks(),
                locked.plain()
            ),
        )
        .help("change the rows in a migration of its own, outside a transaction and in batches")
        .impact(Some(Impact::new(*lock, [locked.clone()], Work::ChangeRows))),
    )
}
