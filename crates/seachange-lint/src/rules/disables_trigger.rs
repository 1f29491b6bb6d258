//! DISABLE TRIGGER, and session_replication_role, which does the same to all of them.

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "disables-trigger",
    severity: Severity::Warning,
    about: "rows get past triggers, and with them past foreign keys",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let (subject, message) = match &site.deed.what {
        What::DisableTrigger { table } if site.state.is_old(table) => {
            let table = table.plain();
            let message = format!("rows of every session get past the triggers of `{table}`");
            (table, message)
        }
        What::Set {
            parameter, value, ..
        } if parameter == "session_replication_role" && !value.eq_ignore_ascii_case("origin") => (
            parameter.clone(),
            "rows get past triggers and foreign keys, and nothing checks them after".to_owned(),
        ),
        _ => return None,
    };
    Some(
        site.note(subject, message)
            .help(
                "let the trigger itself ask `current_setting('app.maintenance', true)`, and SET LOCAL that in the \
                 transaction that needs it",
            )
            .impact(site.impact(Work::Nothing)),
    )
}
