//! lock_timeout set in a file.

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "own-lock-timeout",
    severity: Severity::Warning,
    about: "the file sets lock_timeout, which is the runner's",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::Set {
        parameter, value, ..
    } = &site.deed.what
    else {
        return None;
    };
    (parameter == "lock_timeout").then(|| {
        site.note(
            parameter.clone(),
            format!(
                "`lock_timeout = {value}` takes the place of the runner's, which is short and tries again: a statement that \
                 waits longer for its lock makes every query behind it wait as long"
            ),
        )
        .help("leave it out")
    })
}
