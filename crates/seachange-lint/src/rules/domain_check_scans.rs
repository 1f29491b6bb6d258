//! A check added to a domain that columns use.

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "domain-check-scans",
    severity: Severity::Warning,
    about: "every table with a column of the domain is read under a lock",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::DomainCheck {
        domain,
        not_valid: false,
    } = &site.deed.what
    else {
        return None;
    };
    if !site.state.is_old_type(domain) {
        return None;
    }
    let tables = site.state.tables_with(&domain.plain());
    if tables.is_empty() && site.state.schema.is_some() {
        return None;
    }
    let domain = domain.plain();
    let of = match tables.as_slice() {
        [] => "every table that uses it".to_owned(),
        some => format!("`{}`", some.join("`, `")),
    };
    Some(
        site.note(
            domain.clone(),
            format!("writers of {of} wait while every value of `{domain}` is checked"),
        )
        .help(format!(
            "`ALTER DOMAIN {domain} ADD CONSTRAINT … CHECK (…) NOT VALID`, and in the next migration \
             `ALTER DOMAIN {domain} VALIDATE CONSTRAINT …`"
        )),
    )
}
