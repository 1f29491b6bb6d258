//! char(n), which pads.

use super::{Check, ColumnSite, Note, Rule};
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "char-column",
    severity: Severity::Warning,
    about: "values are padded with blanks",
    check: Check::Column(check),
};

pub(crate) fn check(site: &ColumnSite<'_>) -> Option<Note> {
    site.data_type.starts_with("character(").then(|| {
        site.note("pads every value with blanks, which count in LIKE and are lost in casts, and saves nothing")
            .help("`text`, with a check on its length where the length matters")
    })
}
