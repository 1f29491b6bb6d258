//! What fails, or not, by the rows that are there.

use seachange_schema::plan::HazardCode;

use super::{Check, Note, Rule, Site, type_change};
use crate::deed::What;
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "may-fail",
    severity: Severity::Warning,
    about: "fails on a table with rows that don't allow it",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    if let Some(change) = type_change::of(site) {
        let (_, message) = change
            .effects
            .iter()
            .find(|(code, _)| *code == HazardCode::MayFail)?;
        return Some(
            site.note(change.subject, message.clone())
                .help("look for such rows in production first"),
        );
    }
    let What::AddColumn { table, column } = &site.deed.what else {
        return None;
    };
    let filled = column.default.is_some()
        || column.generated
        || column.identity
        || column.data_type.as_ref().is_some_and(|it| it.serial);
    if !column.not_null || filled || !site.state.is_old(table) {
        return None;
    }
    let (plain, name) = (table.plain(), column.name.as_str());
    Some(
        site.note(
            format!("{plain}.{name}"),
            format!("fails if `{plain}` has a row, which would have no value"),
        )
        .help(format!(
            "give it a default, which costs no rewrite; or add `{name}` without NOT NULL, fill it in batches, and SET NOT \
             NULL behind a validated check"
        )),
    )
}
