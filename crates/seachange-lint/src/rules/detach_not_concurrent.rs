//! DETACH PARTITION without CONCURRENTLY.

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "detach-not-concurrent",
    severity: Severity::Warning,
    about: "a partition is detached under a lock on the whole partitioned table",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::DetachPartition {
        parent,
        partition,
        concurrently: false,
    } = &site.deed.what
    else {
        return None;
    };
    if site.locks_nothing() {
        return None;
    }
    let (parent, partition) = (parent.plain(), partition.plain());
    Some(
        site.note(
            partition.clone(),
            format!("queries of `{parent}`, all its partitions, queue behind the lock"),
        )
        .help(format!(
            "`ALTER TABLE {parent} DETACH PARTITION {partition} CONCURRENTLY` in a migration of its own with \
             `-- seachange: no-transaction` (there must be no default partition)"
        ))
        .impact(site.impact(Work::Nothing)),
    )
}
