//! Generated columns that are made anew: what becomes of their values.

use super::column::{default_of, definition, settings};
use super::{Work, identity};
use crate::change::Changes;
use crate::model::{Column, Default, Generated};
use crate::name::{Ident, Name};
use crate::plan::HazardCode;

/// Whether a column that is made anew held nothing, or nothing but what it is going to hold.
pub(crate) fn loses_no_values(table: &Name, name: &Ident, changes: &Changes) -> bool {
    let Some(before) = default_of(&changes.previous, table, name) else {
        return false;
    };
    let same = |after: &Default| after.generated.is_some() && after.expression == before.expression;
    match before.generated {
        Some(Generated::Virtual) => true,
        Some(Generated::Stored) => default_of(&changes.next, table, name).is_some_and(same),
        None => false,
    }
}

/// A virtual generated column that becomes plain: it is stored, so that its values are there, and then
/// PostgreSQL forgets what they came from.
pub(super) fn store_virtual(
    table: &Name,
    name: &Ident,
    column: &Column,
    changes: &Changes,
) -> Option<Work> {
    let before = default_of(&changes.previous, table, name)
        .filter(|before| before.generated == Some(Generated::Virtual))?;
    let after = default_of(&changes.next, table, name);
    if after.is_some_and(|after| after.generated.is_some()) {
        return None;
    }
    let bare = Column {
        identity: None,
        ..column.clone()
    };
    let line = definition(table, name, &bare, &changes.next, false);
    let stored = format!("GENERATED ALWAYS AS ({}) STORED", before.expression);
    let line = match line.strip_suffix(" NOT NULL") {
        Some(line) => format!("{line} {stored} NOT NULL"),
        None => format!("{line} {stored}"),
    };
    let alter = |what: &str| format!("ALTER TABLE {table} ALTER COLUMN {name} {what}");
    let mut work = Work::of(format!("ALTER TABLE {table} ADD COLUMN {line}"));
    work.add(alter("DROP EXPRESSION"));
    if let Some(after) = after {
        work.add(alter(&format!("SET DEFAULT {}", after.expression)));
    }
    let next = column.identity.as_ref();
    work.append(identity::change(table, name, None, next, changes));
    work.statements.extend(settings(table, name, column));
    work.risk(
        HazardCode::RewritesTable,
        format!("{}.{}", table.plain(), name.as_str()),
        format!(
            "writes the whole of {} anew under an exclusive lock: every row gets its value stored",
            table.plain()
        ),
        "",
    );
    Some(work)
}
