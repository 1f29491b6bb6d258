//! NOT VALID and VALIDATE in one transaction: the scan happens under the lock that NOT VALID was to spare.

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::{Impact, Lock, Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "validates-at-once",
    severity: Severity::Warning,
    about: "a constraint is validated in the transaction that adds it",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::ValidateConstraint { table, name } = &site.deed.what else {
        return None;
    };
    if !site.in_transaction()
        || !site.state.is_old(table)
        || !site.state.is_added_not_valid(table, name)
    {
        return None;
    }
    // The lock that ADD took is held to the end of the transaction.
    let held = site.state.held.iter().filter(|(of, _, _)| of == table);
    let lock = held.map(|(_, lock, _)| *lock).max().unwrap_or(Lock::ShareRowExclusive);
    let (plain, name) = (table.plain(), name.as_str());
    Some(
        site.note(
            format!("{plain}.{name}"),
            format!("the table is scanned while the lock that ADD took is still held, so {} of `{plain}` wait", lock.blocks()),
        )
        .help(format!(
            "leave NOT VALID in this migration, and `ALTER TABLE {plain} VALIDATE CONSTRAINT {name}` in the next"
        ))
        .impact(Some(Impact::new(lock, [table.clone()], Work::Scan))),
    )
}
