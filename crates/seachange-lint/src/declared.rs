//! What entities, and the SQL beside them, declare.

use seachange_schema::model::ConstraintKind;
use seachange_schema::{Object, ObjectId, Schema};

use crate::file::{Direction, File, read};
use crate::finding::{Finding, Place};
use crate::rules::{
    self, Check, ColumnSite, Note, Rule, foreign_key_without_index, foreign_key_without_on_delete,
    identifier_cut, no_primary_key,
};

/// SQL that declares something, as it is before PostgreSQL has read it.
#[derive(Clone, Copy, Debug)]
pub struct Declared<'a> {
    /// A file's path, or such as ``entity `users` ``.
    pub origin: &'a str,
    /// Whether `origin` is a file, in which a line means something.
    pub is_file: bool,
    /// Statements, as they are to be run.
    pub sql: &'a str,
}

/// Holds what is declared against the rules that are about that: the schema as PostgreSQL made it, and the SQL
/// that it was made of, for what the catalog forgets.
pub fn lint_declared(schema: &Schema, pieces: &[Declared<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for piece in pieces {
        findings.extend(of_piece(piece));
    }
    let whole = |rule: &Rule, note: Note| finding(rule, note, None, None);
    let unindexed = foreign_key_without_index::check(schema);
    findings.extend(
        unindexed
            .into_iter()
            .map(|note| whole(&foreign_key_without_index::RULE, note)),
    );
    for (name, table) in schema.tables() {
        if table.partition_of.is_none() && !has_key(schema, name) {
            let note =
                Note::of_the_whole(name.plain(), no_primary_key::WHY).help(no_primary_key::HELP);
            findings.push(whole(&no_primary_key::RULE, note));
        }
        if table.partition_of.is_some() {
            continue;
        }
        for (column, facts) in schema.columns(name) {
            let site = ColumnSite {
                start: None,
                table: name,
                column,
                data_type: &facts.data_type,
                serial: is_serial(schema, name, column),
                is_key: is_key(schema, name, column),
            };
            for rule in rules::all() {
                if let Check::Column(check) = rule.check {
                    findings.extend(check(&site).map(|note| whole(rule, note)));
                }
            }
        }
    }
    findings
}

fn of_piece(piece: &Declared<'_>) -> Vec<Finding> {
    let read = read(&File {
        path: piece.origin,
        text: piece.sql,
        direction: Direction::Up,
        transaction: true,
        before: None,
    });
    let said = [
        (&identifier_cut::RULE, identifier_cut::check(&read)),
        (
            &foreign_key_without_on_delete::RULE,
            foreign_key_without_on_delete::check(&read),
        ),
    ];
    let mut findings = Vec::new();
    for (rule, notes) in said {
        for note in notes {
            let place = match piece.is_file {
                true => note.start.map(|start| read.place(start)),
                false => None,
            };
            findings.push(finding(rule, note, Some(piece.origin), place));
        }
    }
    findings
}

fn finding(rule: &Rule, note: Note, file: Option<&str>, place: Option<Place>) -> Finding {
    Finding {
        code: rule.code,
        severity: rule.severity,
        file: file.map(str::to_owned),
        place,
        subject: note.subject,
        message: note.message,
        help: note.help,
        impact: note.impact,
    }
}

fn keys<'s>(
    schema: &'s Schema,
    table: &'s seachange_schema::Name,
) -> impl Iterator<Item = &'s [seachange_schema::Ident]> {
    schema
        .objects
        .iter()
        .filter_map(move |(id, object)| match (id, object) {
            (ObjectId::Constraint { table: of, .. }, Object::Constraint(constraint))
                if of == table && constraint.kind == ConstraintKind::PrimaryKey =>
            {
                Some(constraint.columns.as_slice())
            }
            _ => None,
        })
}

fn has_key(schema: &Schema, table: &seachange_schema::Name) -> bool {
    keys(schema, table).next().is_some()
}

fn is_key(
    schema: &Schema,
    table: &seachange_schema::Name,
    column: &seachange_schema::Ident,
) -> bool {
    keys(schema, table).any(|columns| columns == std::slice::from_ref(column))
}

/// A column whose default takes from a sequence that it owns.
fn is_serial(
    schema: &Schema,
    table: &seachange_schema::Name,
    column: &seachange_schema::Ident,
) -> bool {
    schema.objects.values().any(|object| match object {
        Object::Sequence(sequence) => sequence
            .owned_by
            .as_ref()
            .is_some_and(|(of, by)| of == table && by == column),
        _ => false,
    })
}
