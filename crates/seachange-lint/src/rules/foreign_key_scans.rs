//! A foreign key added without NOT VALID.

use seachange_schema::Name;

use super::{Check, Note, Rule, Site};
use crate::deed::{ConstraintKind, NewConstraint, What};
use crate::finding::{Lock, Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "foreign-key-scans",
    severity: Severity::Warning,
    about: "writers of two tables wait while every row's reference is looked up",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let (table, constraints) = site.new_constraints()?;
    let key = constraints
        .iter()
        .find(|one| one.kind == ConstraintKind::ForeignKey && !one.not_valid)?;
    if site.state.is_partitioned(table) && partitions_have(site, table, key) {
        // It takes theirs over, and looks at no row.
        return None;
    }
    // A new column without a default holds NULLs alone, which PostgreSQL looks up in no time, but for the scan.
    let impact = site.impact(Work::Scan);
    let (who, since) = site.who_waits(impact.as_ref(), Lock::ShareRowExclusive);
    let name = site.called(key, table);
    let table = table.plain();
    let other = (key.references.as_ref()).map_or("the other table".to_owned(), |it| it.plain());
    let definition = match &site.deed.what {
        What::AddColumn { column, .. } => {
            format!("FOREIGN KEY ({}) {}", column.name.as_str(), key.definition)
        }
        _ => key.definition.clone(),
    };
    Some(
        Note::new(
            key.start,
            format!("{table}.{name}"),
            format!("{who} of `{table}`, and writers of `{other}`, wait while every row is looked up{since}"),
        )
        .help(format!(
            "`ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID`, and in the next migration \
             `ALTER TABLE {table} VALIDATE CONSTRAINT {name}`"
        ))
        .impact(impact),
    )
}

/// Whether every partition has such a foreign key already, and valid.
fn partitions_have(site: &Site<'_, '_>, table: &Name, key: &NewConstraint) -> bool {
    let Some(schema) = site.state.schema else {
        return false;
    };
    let parent = site.state.catalog_name(table);
    let partitions = schema.tables().filter(|(_, partition)| {
        (partition.partition_of.as_ref()).is_some_and(|of| of.parent == *parent)
    });
    partitions.into_iter().all(|(name, partition)| {
        let has = site.state.constraints_of(name).iter().any(|(_, own)| {
            own.validated && own.references == key.references && own.columns == key.columns
        });
        has || partition.partition_by.is_some() && partitions_have(site, name, key)
    })
}
