//! A new label of an enum, used in the transaction that adds it.

use super::{Check, Note, Rule, Site};
use crate::finding::Severity;
use crate::syntax::SyntaxKind;

pub(crate) const RULE: Rule = Rule {
    code: "label-in-use",
    severity: Severity::Error,
    about: "a new label of an enum is used before it is committed",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    if !site.in_transaction() || !site.is_first() {
        return None;
    }
    let statement = &site.statement().node;
    // Bodies are only read when they are called, comments never.
    if matches!(
        statement.kind,
        SyntaxKind::CREATE_FUNCTION
            | SyntaxKind::CREATE_PROCEDURE
            | SyntaxKind::COMMENT_ON
            | SyntaxKind::ALTER_TYPE
    ) {
        return None;
    }
    let tokens = statement.tokens();
    let words: Vec<&str> = tokens.iter().map(|token| token.text.trim_matches('"')).collect();
    let (of, label, at) = site.state.labels.iter().find_map(|(of, label)| {
        let quoted = format!("'{}'", label.replace('\'', "''"));
        let token = tokens.iter().find(|token| token.text == quoted)?;
        // Another type may have a label of that name: the statement must be about this one.
        let typed = words.iter().any(|word| word.eq_ignore_ascii_case(of.name.as_str()));
        let tables = site.state.tables_with(&of.plain());
        let stored = tables.iter().any(|table| {
            let bare = table.rsplit('.').next().unwrap_or(table);
            words.iter().any(|word| word.eq_ignore_ascii_case(bare))
        });
        (typed || stored).then_some((of, label, token.start))
    })?;
    let of = of.plain();
    Some(
        Note::new(
            at,
            format!("{of}.{label}"),
            format!("PostgreSQL refuses '{label}' until the transaction that adds it to `{of}` is committed"),
        )
        .help("add the label in a migration of its own, and use it in the next"),
    )
}
