//! On the way back: what the way there dropped comes back empty.

use seachange_schema::{Object, ObjectId};

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "not-restored",
    severity: Severity::Warning,
    about: "the way back brings a table or column back without its data",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    let (id, subject) = match &site.deed.what {
        What::AddColumn { table, column } if !column.generated => (
            ObjectId::Column {
                table: table.clone(),
                name: column.name.clone(),
            },
            format!("{}.{}", table.plain(), column.name.as_str()),
        ),
        What::CreateTable(table) if !table.temporary && !table.derived => (
            ObjectId::Table {
                name: table.name.clone(),
            },
            table.name.plain(),
        ),
        _ => return None,
    };
    let was = site.target()?.get(&id)?;
    let is_there = site.state.schema.is_some_and(|schema| schema.contains(&id));
    if is_there || !matches!(was, Object::Column(_) | Object::Table(_)) {
        return None;
    }
    Some(
        site.note(subject.clone(), format!("`{subject}` comes back empty: what up.sql dropped is gone"))
            .help(
                "rename it away in this migration and drop it in a later one, or keep a backup; where the data don't \
                 matter, allow it and say why",
            ),
    )
}
