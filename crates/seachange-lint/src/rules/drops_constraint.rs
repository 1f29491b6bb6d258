//! A constraint is dropped and not made again.

use seachange_schema::ObjectId;
use seachange_schema::model::ConstraintKind as Kind;

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "drops-constraint",
    severity: Severity::Warning,
    about: "nothing keeps wrong rows out any more",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::DropConstraint { table, name } = &site.deed.what else {
        return None;
    };
    let constraint = site.state.constraint(table, name)?;
    let goes_back = site.target().is_some_and(|target| {
        let (table, name) = (table.clone(), name.clone());
        !target.contains(&ObjectId::Constraint { table, name })
    });
    // One that only helped to SET NOT NULL.
    let helped = constraint.kind == Kind::Check
        && constraint.columns.len() == 1
        && constraint.definition.contains("IS NOT NULL");
    if goes_back || helped || !site.state.is_old(table) || made_again(site) {
        return None;
    }
    let (word, lets_in) = match constraint.kind {
        Kind::PrimaryKey => ("primary key", "two rows may have one key"),
        Kind::Unique => ("unique constraint", "two rows may have one key"),
        Kind::ForeignKey => ("foreign key", "rows may point at nothing"),
        Kind::Check => ("check", "rows may break it"),
        Kind::Exclusion => ("exclusion constraint", "rows may overlap"),
    };
    let subject = format!("{}.{}", table.plain(), name.as_str());
    Some(
        site.note(subject.clone(), format!("without {word} `{subject}`, {lets_in}"))
            .help(
                "if code keeps the rule from here on, say so: `-- seachange: allow drops-constraint: <reason>`",
            )
            .impact(site.impact(Work::Nothing)),
    )
}

/// Whether the file adds a constraint to the table later, in its place.
fn made_again(site: &Site<'_, '_>) -> bool {
    let What::DropConstraint { table, .. } = &site.deed.what else {
        return false;
    };
    site.later().any(|deed| {
        matches!(&deed.what, What::AddConstraint { table: of, .. } if of == table)
            || matches!(&deed.what, What::Drop { name, .. } if name == table)
    })
}
