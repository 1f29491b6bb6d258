//! A table without a primary key.

use super::{Check, Note, Rule, Site};
use crate::deed::{ConstraintKind, What};
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "no-primary-key",
    severity: Severity::Warning,
    about: "a table has no primary key",
    check: Check::Deed(check),
};

pub(crate) const WHY: &str =
    "its rows can't be told apart: SeaORM has no entity for it, and logical replication can neither update nor delete";
pub(crate) const HELP: &str = "declare a primary key, a composite one where no column will do";

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let What::CreateTable(table) = &site.deed.what else {
        return None;
    };
    if table.temporary || table.derived || site.read.file.is_down() {
        return None;
    }
    let behind_columns = table.columns.iter().flat_map(|column| &column.constraints);
    let mut own = table.constraints.iter().chain(behind_columns);
    let later = site.later().any(|deed| match &deed.what {
        What::AddConstraint { table: of, constraint } => {
            *of == table.name && constraint.kind == ConstraintKind::PrimaryKey
        }
        What::AddColumn { table: of, column } => {
            let mut own = column.constraints.iter();
            *of == table.name && own.any(|one| one.kind == ConstraintKind::PrimaryKey)
        }
        _ => false,
    });
    if later || own.any(|one| one.kind == ConstraintKind::PrimaryKey) {
        return None;
    }
    Some(site.note(table.name.plain(), WHY).help(HELP))
}
