//! A declared foreign key that does not say what happens to its rows.

use super::{Check, Note, Rule};
use crate::deed::{ConstraintKind, NewColumn, NewConstraint, What};
use crate::file::Read;
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "foreign-key-without-on-delete",
    severity: Severity::Warning,
    about: "a foreign key leaves unsaid what a DELETE does to the rows that point",
    check: Check::Declared,
};

/// The catalog does not tell a NO ACTION that was said from one that was not: so what is declared is read.
pub(crate) fn check(read: &Read<'_>) -> Vec<Note> {
    let deeds = read.statements.iter().flat_map(|one| &one.deeds);
    let mut notes = Vec::new();
    for deed in deeds {
        match &deed.what {
            What::AddConstraint { table, constraint } => {
                notes.extend(said(table, None, std::slice::from_ref(constraint)));
            }
            What::AddColumn { table, column } => notes.extend(said(table, Some(column), &column.constraints)),
            What::CreateTable(table) => {
                notes.extend(said(&table.name, None, &table.constraints));
                for column in &table.columns {
                    notes.extend(said(&table.name, Some(column), &column.constraints));
                }
            }
            _ => {}
        }
    }
    notes
}

fn said(
    table: &seachange_schema::Name,
    column: Option<&NewColumn>,
    constraints: &[NewConstraint],
) -> Vec<Note> {
    let silent = constraints.iter().filter(|one| {
        one.kind == ConstraintKind::ForeignKey
            && !one.definition.to_ascii_uppercase().contains("ON DELETE")
    });
    silent
        .map(|key| {
            let name = key.called(table, column.map(|column| &column.name));
            let to = key.references.as_ref().map_or(String::new(), |to| to.plain());
            Note::new(
                key.start,
                format!("{}.{name}", table.plain()),
                format!("it is left unsaid what a DELETE in `{to}` does to the rows of `{}` that point at it", table.plain()),
            )
            .help("say `on_delete`: \"Cascade\", \"SetNull\", \"Restrict\", or \"NoAction\" where a refusal is meant")
        })
        .collect()
}
