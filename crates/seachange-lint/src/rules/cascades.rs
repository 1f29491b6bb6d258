//! CASCADE behind a DROP or TRUNCATE: it takes along what the statement does not name.

use seachange_schema::Name;

use super::{Check, Note, Rule, Site};
use crate::deed::What;
use crate::finding::Severity;
use crate::syntax::SyntaxKind;

pub(crate) const RULE: Rule = Rule {
    code: "cascades",
    severity: Severity::Warning,
    about: "CASCADE drops or empties what the statement does not name",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    if !site.is_first() {
        return None;
    }
    let statement = &site.statement().node;
    let word = statement.nodes().into_iter().find(|node| {
        let said = format!("{:?}", node.kind);
        let drops = said.starts_with("DROP_") || node.kind == SyntaxKind::TRUNCATE;
        drops && node.has(SyntaxKind::CASCADE)
    })?;
    let (subject, taken) = match &site.deed.what {
        What::Drop { kind, name, .. } => {
            let old = site.state.is_old(name) && site.state.is_old_type(name);
            if !old {
                return None;
            }
            (name.plain(), site.state.dependents(*kind, name))
        }
        What::Truncate { tables, .. } => (
            tables.first()?.plain(),
            tables.iter().flat_map(|table| pointing_at(site, table)).collect(),
        ),
        What::DropColumn { table, column } if site.state.is_old(table) => {
            (format!("{}.{}", table.plain(), column.as_str()), Vec::new())
        }
        What::DropConstraint { table, name } if site.state.is_old(table) => {
            (format!("{}.{}", table.plain(), name.as_str()), Vec::new())
        }
        _ => return None,
    };
    let what = match taken.as_slice() {
        [] => "whatever depends on it".to_owned(),
        some => some.join(", "),
    };
    Some(
        Note::new(word.start, subject, format!("takes along {what}, unnamed"))
            .help("name what is to go, dependents first, and leave CASCADE out: then nothing goes that nobody saw"),
    )
}

fn pointing_at(site: &Site<'_, '_>, table: &Name) -> Vec<String> {
    let others = site.state.tables_pointing_at(table).into_iter();
    others
        .filter(|other| other != table)
        .map(|other| format!("table {}", other.plain()))
        .collect()
}
