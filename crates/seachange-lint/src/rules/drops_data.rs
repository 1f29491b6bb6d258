//! Rows or values are gone afterwards.

use seachange_schema::{Name, ObjectId};

use super::{Check, Note, Rule, Site};
use crate::deed::{Kind, What};
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "drops-data",
    severity: Severity::Warning,
    about: "rows or values are dropped",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let (subject, message) = match &site.deed.what {
        What::DropColumn { table, column } => {
            let own = site.state.is_new_column(table, column) || undoes_column(site, table, column);
            if !site.state.is_old(table) || own {
                return None;
            }
            let subject = format!("{}.{}", table.plain(), column.as_str());
            let message = format!("drops every value of `{subject}`, and code that still names it fails");
            (subject, message)
        }
        What::Drop {
            kind: Kind::Table,
            name,
            ..
        } => {
            if !site.state.is_old(name) || undoes_table(site, name) {
                return None;
            }
            let name = name.plain();
            let message = format!("drops `{name}` and all its rows, and code that still names it fails");
            (name, message)
        }
        What::Drop {
            kind: kind @ (Kind::Schema | Kind::Database | Kind::Owned),
            name,
            cascade,
        } => {
            // Without CASCADE, only an empty schema can be dropped.
            if *kind == Kind::Schema && !cascade {
                return None;
            }
            let name = name.name.as_str().to_owned();
            let message = format!("drops {} `{name}` with all that is in it", kind.word());
            (name, message)
        }
        What::Truncate { tables, .. } => {
            let old = tables.iter().find(|table| site.state.is_old(table))?;
            let name = old.plain();
            let message = format!("deletes every row of `{name}`");
            (name, message)
        }
        _ => return None,
    };
    Some(
        site.note(subject, message)
            .help(
                "first release code that does without it; then say here why it may go: \
                 `-- seachange: allow drops-data: <reason>`, and take a backup first",
            )
            .impact(site.impact(Work::Nothing)),
    )
}

/// On the way back, what the way there made is not missed.
fn undoes_table(site: &Site<'_, '_>, name: &Name) -> bool {
    let name = name.clone();
    (site.target()).is_some_and(|target| !target.contains(&ObjectId::Table { name }))
}

fn undoes_column(site: &Site<'_, '_>, table: &Name, column: &seachange_schema::Ident) -> bool {
    let (table, name) = (table.clone(), column.clone());
    (site.target()).is_some_and(|target| !target.contains(&ObjectId::Column { table, name }))
}
