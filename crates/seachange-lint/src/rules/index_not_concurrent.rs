//! CREATE INDEX without CONCURRENTLY on a table that was there before.

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::{Lock, Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "index-not-concurrent",
    severity: Severity::Warning,
    about: "an index is built while writers of the table wait",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::CreateIndex(index) = &site.deed.what else {
        return None;
    };
    let partitioned = site.state.is_partitioned(&index.table);
    // ON ONLY a partitioned table builds nothing.
    if index.concurrently || !site.state.is_old(&index.table) || (partitioned && index.only) {
        return None;
    }
    let table = index.table.plain();
    let unique = if index.unique { "UNIQUE " } else { "" };
    let help = match partitioned {
        true => format!(
            "`CREATE {unique}INDEX … ON ONLY {table} (…)`, then on each partition `CREATE {unique}INDEX CONCURRENTLY` \
             and `ALTER INDEX … ATTACH PARTITION …`"
        ),
        false => format!(
            "`CREATE {unique}INDEX CONCURRENTLY … ON {table} (…)` in a migration of its own with \
             `-- seachange: no-transaction`"
        ),
    };
    let impact = site.impact(Work::BuildIndex);
    let (who, since) = site.who_waits(impact.as_ref(), Lock::Share);
    let subject = index.name.as_ref().map_or(table.clone(), |name| name.plain());
    Some(
        site.note(subject, format!("{who} of `{table}` wait while the index is built{since}"))
            .help(help)
            .impact(impact),
    )
}
