//! A primary key of four bytes or two.

use super::{Check, ColumnSite, Note, Rule};
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "small-key",
    severity: Severity::Warning,
    about: "a primary key may run out of numbers",
    check: Check::Column(check),
};

pub(crate) fn check(site: &ColumnSite<'_>) -> Option<Note> {
    let limit = match site.data_type {
        "integer" => "2,147,483,647",
        "smallint" => "32,767",
        _ => return None,
    };
    site.is_key.then(|| {
        site.note(format!("inserts fail after {limit} rows, deleted ones among them, and to widen the key rewrites the table"))
            .help("`bigint` (`i64` in the entity), or uuid")
    })
}
