//! CREATE INDEX CONCURRENTLY IF NOT EXISTS: satisfied by the invalid index that a failed build leaves.

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "if-not-exists-concurrently",
    severity: Severity::Warning,
    about: "IF NOT EXISTS takes an index that a failed build left invalid for the one that is wanted",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::CreateIndex(index) = &site.deed.what else {
        return None;
    };
    if !index.concurrently || !index.if_not_exists {
        return None;
    }
    let name = index.name.as_ref().map_or(String::new(), |name| name.plain());
    Some(
        site.note(
            name.clone(),
            format!("a build of `{name}` that failed leaves it invalid, and IF NOT EXISTS then makes none"),
        )
        .help("leave IF NOT EXISTS out: the runner drops what a killed build left before it builds again"),
    )
}
