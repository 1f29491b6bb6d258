//! timestamp where timestamptz is meant.

use super::{Check, ColumnSite, Note, Rule};
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "timestamp-without-zone",
    severity: Severity::Warning,
    about: "a time that is no moment",
    check: Check::Column(check),
};

pub(crate) fn check(site: &ColumnSite<'_>) -> Option<Note> {
    let plain = site.data_type.trim_end_matches("[]");
    (plain.starts_with("timestamp") && plain.ends_with("without time zone")).then(|| {
        site.note("holds what a clock shows somewhere: which moment that is depends on each session's time zone")
            .help("`timestamptz` (`DateTimeUtc` or `DateTimeWithTimeZone` in the entity)")
    })
}
