//! A change of type after which values are not what they were.

use seachange_schema::plan::HazardCode;

use super::{Check, Note, Rule, Site, type_change};
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "changes-values",
    severity: Severity::Warning,
    about: "values are cut, rounded or computed anew",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let change = type_change::of(site)?;
    let from = change.from.as_deref().unwrap_or("what it was");
    let how = match change.computed {
        true => "every value becomes what USING makes of it".to_owned(),
        false => change
            .effects
            .iter()
            .find(|(code, _)| *code == HazardCode::ChangesValues)
            .map(|(_, message)| message.clone())?,
    };
    Some(
        site.note(change.subject, format!("{how} ({from} to {})", change.to))
            .help("keep the old column beside a new one until it is sure that nobody misses what is lost"),
    )
}
