//! SET NOT NULL where no valid check proves it already.

use super::{Check, Note, Rule, Site};
use crate::deed::{ColumnChange, ConstraintKind, What};
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "not-null-scans",
    severity: Severity::Warning,
    about: "readers and writers wait while every row is looked through for NULL",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let (table, column) = match &site.deed.what {
        What::AlterColumn {
            table,
            column,
            change: ColumnChange::SetNotNull,
        } => (table, column.clone()),
        // From version 18 on NOT NULL is a constraint like others.
        What::AddConstraint { table, constraint }
            if constraint.kind == ConstraintKind::NotNull && !constraint.not_valid =>
        {
            (table, constraint.columns.first()?.clone())
        }
        // A primary key over an index that is ready sets its columns NOT NULL all the same.
        What::AddConstraint { table, constraint }
            if constraint.kind == ConstraintKind::PrimaryKey =>
        {
            let index = table.sibling(constraint.using_index.as_ref()?);
            let mut columns = site.state.index_columns(&index).into_iter();
            (table, columns.find(|column| !site.state.proves_not_null(table, column))?)
        }
        _ => return None,
    };
    if !site.state.is_old(table) || site.state.proves_not_null(table, &column) {
        return None;
    }
    let (table, column) = (table.plain(), column.as_str());
    Some(
        site.note(
            format!("{table}.{column}"),
            format!("readers and writers of `{table}` wait while every row is looked through for NULL"),
        )
        .help(format!(
            "`ALTER TABLE {table} ADD CONSTRAINT {column}_not_null CHECK ({column} IS NOT NULL) NOT VALID`; in the \
             next migration VALIDATE CONSTRAINT, then SET NOT NULL, which scans nothing now, and DROP CONSTRAINT"
        ))
        .impact(site.impact(Work::Scan)),
    )
}
