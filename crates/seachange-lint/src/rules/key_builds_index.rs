//! UNIQUE or PRIMARY KEY added without USING INDEX.

use super::{Check, Note, Rule, Site};
use crate::deed::{ConstraintKind, What};
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "key-builds-index",
    severity: Severity::Warning,
    about: "readers and writers wait while the index of a key is built",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let (table, constraints) = site.new_constraints()?;
    let partitioned = site.state.is_partitioned(table);
    // ON ONLY a partitioned table builds nothing.
    let key = constraints.iter().find(|one| {
        matches!(one.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique)
            && one.using_index.is_none()
            && !(partitioned && one.only)
    })?;
    let columns: Vec<&str> = match &site.deed.what {
        What::AddColumn { column, .. } => vec![column.name.as_str()],
        _ => key.columns.iter().map(|column| column.as_str()).collect(),
    };
    let columns = columns.join(", ");
    let name = site.called(key, table);
    let table = table.plain();
    let word = match key.kind {
        ConstraintKind::PrimaryKey => "PRIMARY KEY",
        _ => "UNIQUE",
    };
    // A primary key also wants its columns NOT NULL.
    let not_null = match key.kind {
        ConstraintKind::PrimaryKey => "; its columns must be NOT NULL before, or every row is looked through",
        _ => "",
    };
    Some(
        Note::new(
            key.start,
            format!("{table}.{name}"),
            format!("readers and writers of `{table}` wait while the index of the key is built"),
        )
        .help(format!(
            "`CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns})` in a migration of its own with \
             `-- seachange: no-transaction`, then `ALTER TABLE {table} ADD CONSTRAINT {name} {word} USING INDEX {name}`\
             {not_null}"
        ))
        .impact(site.impact(Work::BuildIndex)),
    )
}
