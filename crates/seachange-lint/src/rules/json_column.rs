//! json where jsonb is meant.

use super::{Check, ColumnSite, Note, Rule};
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "json-column",
    severity: Severity::Warning,
    about: "json has no equality: DISTINCT, GROUP BY and UNION fail",
    check: Check::Column(check),
};

pub(crate) fn check(site: &ColumnSite<'_>) -> Option<Note> {
    (site.data_type.trim_end_matches("[]") == "json").then(|| {
        site.note("json has no equality, so SELECT DISTINCT, GROUP BY and UNION over it fail, and no index helps")
            .help("`jsonb` (`column_type = \"JsonBinary\"` in the entity), unless the text must stay as it was sent")
    })
}
