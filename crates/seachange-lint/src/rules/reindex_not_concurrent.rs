//! REINDEX without CONCURRENTLY.

use super::{Check, Note, Rule, Site};
use crate::deed::{Target, What};
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "reindex-not-concurrent",
    severity: Severity::Warning,
    about: "an index is rebuilt while writers, and readers that use it, wait",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::Reindex {
        target,
        concurrently: false,
    } = &site.deed.what
    else {
        return None;
    };
    let subject = match target {
        Target::Index(name) => name.plain(),
        Target::Table(table) if !site.state.is_old(table) => return None,
        Target::Table(table) => table.plain(),
        Target::Many => String::new(),
    };
    Some(
        site.note(subject, "writers wait while the index is rebuilt, and so do readers that would use it")
            .help("`REINDEX … CONCURRENTLY` in a migration of its own with `-- seachange: no-transaction`")
            .impact(site.impact(Work::BuildIndex)),
    )
}
