//! LOCK TABLE.

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "locks-table",
    severity: Severity::Warning,
    about: "a table is locked by hand to the end of the transaction",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::Lock { tables, mode } = &site.deed.what else {
        return None;
    };
    let impact = site.impact(Work::Nothing)?;
    let names: Vec<String> = tables.iter().map(|table| table.plain()).collect();
    Some(
        site.note(
            names.join(", "),
            format!("{} wait until the transaction ends ({mode})", impact.blocks),
        )
        .help("leave it out: each statement takes the weakest lock that it needs, and the runner lets one migration run at a time")
        .impact(Some(impact)),
    )
}
