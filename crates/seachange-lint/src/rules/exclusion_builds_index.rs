//! EXCLUDE added to a table that was there before: PostgreSQL has no way to do that online.

use super::{Check, Note, Rule, Site};
use crate::deed::ConstraintKind;
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "exclusion-builds-index",
    severity: Severity::Warning,
    about: "readers and writers wait while the index of an exclusion constraint is built",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let (table, constraints) = site.new_constraints()?;
    let one = constraints
        .iter()
        .find(|one| one.kind == ConstraintKind::Exclusion)?;
    let name = site.called(one, table);
    let table = table.plain();
    Some(
        Note::new(
            one.start,
            format!("{table}.{name}"),
            format!("readers and writers of `{table}` wait while its index is built and every row held against every other"),
        )
        .help(
            "PostgreSQL adds none concurrently: do it while the table is small, or make a new table with the \
             constraint, fill it in batches and change the names",
        )
        .impact(site.impact(Work::BuildIndex)),
    )
}
