//! One file through all rules.

use crate::allow::Allowances;
use crate::deed::What;
use crate::file::{File, Read, read};
use crate::finding::Finding;
use crate::rules::{Check, ColumnSite, Note, Rule, Site, all};
use crate::state::State;

/// What came of a file.
#[derive(Clone, Debug, Default)]
pub struct Linted {
    /// In the file's order.
    pub findings: Vec<Finding>,
    /// What comments in the file allow.
    pub allowed: Vec<Finding>,
}

/// Holds a file against every rule.
pub fn lint(file: &File<'_>) -> Linted {
    let read = read(file);
    let mut state = State::before(file.before);
    let mut notes: Vec<(&Rule, Note)> = Vec::new();
    for (at, statement) in read.statements.iter().enumerate() {
        for deed in &statement.deeds {
            let site = Site {
                read: &read,
                state: &state,
                at,
                deed,
            };
            for rule in all() {
                notes.extend(of_deed(rule, &site).into_iter().map(|note| (rule, note)));
            }
            state.apply(deed);
        }
        let next = read.statements.get(at + 1);
        let goes_on = statement.transaction && next.is_some_and(|next| next.transaction);
        if !file.transaction && !goes_on {
            state.committed();
        }
    }
    for rule in all() {
        if let Check::File(check) = rule.check {
            notes.extend(check(&read).into_iter().map(|note| (rule, note)));
        }
    }
    notes.sort_by_key(|(rule, note)| (note.start, std::cmp::Reverse(rule.severity), rule.code));
    Allowances::of(&read).sorted(&read, notes)
}

fn of_deed(rule: &Rule, site: &Site<'_, '_>) -> Vec<Note> {
    match rule.check {
        Check::Deed(check) => check(site).into_iter().collect(),
        Check::Column(check) if !site.read.file.is_down() => {
            let columns = match &site.deed.what {
                What::CreateTable(table) if !table.temporary => {
                    ColumnSite::of_table(table).into_iter().collect()
                }
                What::AddColumn { table, column } => vec![ColumnSite::new(table, column, &[])],
                _ => Vec::new(),
            };
            columns.iter().filter_map(check).collect()
        }
        Check::Column(_) | Check::File(_) | Check::Declared => Vec::new(),
    }
}

/// A note as a finding of its rule, at its place.
pub(crate) fn finding(read: &Read<'_>, rule: &Rule, note: Note) -> Finding {
    Finding {
        code: rule.code,
        severity: rule.severity,
        file: Some(read.file.path.to_owned()),
        place: note.start.map(|start| read.place(start)),
        subject: note.subject,
        message: note.message,
        help: note.help,
        impact: note.impact,
    }
}
