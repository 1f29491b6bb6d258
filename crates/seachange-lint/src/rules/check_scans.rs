//! A check added without NOT VALID.

use super::{Check, Note, Rule, Site};
use crate::deed::ConstraintKind;
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "check-scans",
    severity: Severity::Warning,
    about: "readers and writers wait while every row is checked",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let (table, constraints) = site.new_constraints()?;
    let constraint = constraints.iter().find(|one| {
        one.kind == ConstraintKind::Check && !one.not_valid && !is_not_enforced(&one.definition)
    })?;
    let name = site.called(constraint, table);
    let table = table.plain();
    Some(
        Note::new(
            constraint.start,
            format!("{table}.{name}"),
            format!("readers and writers of `{table}` wait while every row is checked"),
        )
        .help(format!(
            "`ALTER TABLE {table} ADD CONSTRAINT {name} {} NOT VALID`, and in the next migration \
             `ALTER TABLE {table} VALIDATE CONSTRAINT {name}`",
            constraint.definition
        ))
        .impact(site.impact(Work::Scan)),
    )
}

/// NOT ENFORCED (from version 18 on): nothing is checked.
fn is_not_enforced(definition: &str) -> bool {
    definition.to_ascii_uppercase().ends_with("NOT ENFORCED")
}
