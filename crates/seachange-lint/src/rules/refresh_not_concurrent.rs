//! REFRESH MATERIALIZED VIEW without CONCURRENTLY.

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "refresh-not-concurrent",
    severity: Severity::Warning,
    about: "a materialized view can't be read while it is refreshed",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::Refresh {
        view,
        concurrently: false,
    } = &site.deed.what
    else {
        return None;
    };
    if !site.state.is_old(view) {
        return None;
    }
    let view = view.plain();
    Some(
        site.note(view.clone(), format!("readers of `{view}` wait until its query is done"))
            .help(format!(
                "`REFRESH MATERIALIZED VIEW CONCURRENTLY {view}`, which needs a unique index on it"
            ))
            .impact(site.impact(Work::Rewrite)),
    )
}
