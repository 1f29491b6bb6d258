//! SET without LOCAL: it outlives the migration.

use super::{Check, Note, Rule, Site};
use crate::deed::{Scope, What};
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "set-outlives",
    severity: Severity::Warning,
    about: "a setting outlives the migration that needs it",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::Set {
        parameter,
        value,
        scope: Scope::Session,
    } = &site.deed.what
    else {
        return None;
    };
    let taken_back = site.later().any(|deed| match &deed.what {
        What::Reset { parameter: None } => true,
        What::Reset {
            parameter: Some(reset),
        } => reset.eq_ignore_ascii_case(parameter),
        _ => false,
    });
    if taken_back {
        return None;
    }
    let help = match site.in_transaction() {
        true => format!("`SET LOCAL {parameter} = {value}`: it ends with the transaction"),
        false => format!("`RESET {parameter}` at the end of the file"),
    };
    Some(
        site.note(parameter.clone(), format!("`{parameter}` stays set in the session that runs the next migrations"))
            .help(help),
    )
}
