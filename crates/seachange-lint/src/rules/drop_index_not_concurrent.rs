//! DROP INDEX without CONCURRENTLY.

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "drop-index-not-concurrent",
    severity: Severity::Warning,
    about: "an index is dropped under a lock that readers wait for",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::DropIndex { name, concurrently } = &site.deed.what else {
        return None;
    };
    let table = site.state.index_table(name);
    let old = table.as_ref().is_none_or(|table| site.state.is_old(table));
    // A partitioned index can't be dropped concurrently.
    let partitioned = (table.as_ref()).is_some_and(|table| site.state.is_partitioned(table));
    if *concurrently || !old || partitioned {
        return None;
    }
    let on = table.map_or("its table".to_owned(), |table| format!("`{}`", table.plain()));
    Some(
        site.note(
            name.plain(),
            format!(
                "queries of {on} queue behind the lock, and the lock behind every query that runs"
            ),
        )
        .help(format!(
            "`DROP INDEX CONCURRENTLY {}` in a migration of its own with `-- seachange: no-transaction`",
            name.plain()
        ))
        .impact(site.impact(Work::Nothing)),
    )
}
