//! ATTACH PARTITION, and a new partition beside a default one: rows are checked under a lock.

use seachange_schema::Name;

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "attach-partition-scans",
    severity: Severity::Warning,
    about: "every row of a table is checked while it becomes a partition",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let beside_default = |parent: &Name| {
        let default = default_of(site, parent).filter(|default| !has_check(site, default))?;
        let default = default.plain();
        Some(
            format!("the default partition `{default}` is scanned, locked against readers and writers, for rows that belong elsewhere"),
        )
    };
    let (subject, message, help) = match &site.deed.what {
        What::CreateTable(table) => {
            let parent = table.partition_of.as_ref()?;
            if !site.state.is_old(parent) {
                return None;
            }
            (
                table.name.plain(),
                beside_default(parent)?,
                "first a valid check on the default partition that excludes the new bounds, added NOT VALID and \
                 validated in a migration before"
                    .to_owned(),
            )
        }
        What::AttachPartition {
            partition, default, ..
        } if site.state.is_old(partition) && !default && !has_check(site, partition) => {
            let name = partition.plain();
            (
                name.clone(),
                format!("readers and writers of `{name}` wait while every row is held against the bounds"),
                format!(
                    "first `ALTER TABLE {name} ADD CONSTRAINT … CHECK (<the bounds>) NOT VALID` and, in the next \
                     migration, VALIDATE CONSTRAINT: with it nothing is scanned; drop it after"
                ),
            )
        }
        What::AttachPartition {
            parent, partition, ..
        } if site.state.is_old(parent) => (
            partition.plain(),
            beside_default(parent)?,
            "first a valid check on the default partition that excludes the new bounds".to_owned(),
        ),
        _ => return None,
    };
    Some(
        site.note(subject, message)
            .help(help)
            .impact(site.impact(Work::Scan)),
    )
}

fn default_of(site: &Site<'_, '_>, parent: &Name) -> Option<Name> {
    let parent = site.state.catalog_name(parent);
    let mut tables = site.state.schema?.tables();
    let found = tables.find(|(_, table)| {
        (table.partition_of.as_ref())
            .is_some_and(|of| of.parent == *parent && of.bound == "DEFAULT")
    });
    found.map(|(name, _)| name.clone())
}

/// Whether some valid check stands on it. Whether it says the bounds is left to PostgreSQL.
fn has_check(site: &Site<'_, '_>, table: &Name) -> bool {
    use seachange_schema::model::ConstraintKind;
    let constraints = site.state.constraints_of(table);
    constraints
        .iter()
        .any(|(_, it)| it.kind == ConstraintKind::Check && it.validated)
}
