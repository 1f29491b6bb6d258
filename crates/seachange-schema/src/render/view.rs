//! Views and materialized views.

use super::comment;
use super::create::parameter_list;
use super::{Alteration, Work};
use crate::model::{Object, ObjectId, View};
use crate::name::{Ident, Name, literal};

pub(super) fn create(name: &Name, view: &View) -> Work {
    statement("CREATE", name, view)
}

fn statement(verb: &str, name: &Name, view: &View) -> Work {
    let View {
        materialized,
        definition,
        columns: _,
        options,
        populated,
        comment: _,
        column_comments,
    } = view;
    let kind = if *materialized {
        "MATERIALIZED VIEW"
    } else {
        "VIEW"
    };
    let mut sql = format!("{verb} {kind} {name}");
    if !options.is_empty() {
        sql.push_str(&format!(" WITH ({})", parameter_list(options)));
    }
    sql.push_str(&format!(" AS\n{definition}"));
    if *materialized && !*populated {
        sql.push_str("\nWITH NO DATA");
    }
    let mut work = Work::of(sql);
    for (column, text) in column_comments {
        work.add(column_comment(name, column, Some(text)));
    }
    work
}

fn column_comment(view: &Name, column: &Ident, text: Option<&str>) -> String {
    let text = text.map_or_else(|| "NULL".to_owned(), literal);
    format!("COMMENT ON COLUMN {view}.{column} IS {text}")
}

/// A view's body is replaced in place as long as its columns only grow at the end (PostgreSQL manual,
/// CREATE VIEW); a materialized view's never.
pub(super) fn alter(name: &Name, previous: &View, next: &View) -> Alteration {
    let View {
        materialized,
        definition,
        columns,
        options,
        populated,
        comment: text,
        column_comments,
    } = previous;
    let grows = next.columns.starts_with(columns);
    if *materialized != next.materialized
        || *populated != next.populated
        || (*definition != next.definition && (*materialized || !grows))
        || (*materialized && *options != next.options)
        || (*definition == next.definition && *columns != next.columns)
    {
        return Alteration::Recreate;
    }
    let mut work = Work::default();
    if *definition != next.definition || *options != next.options {
        // Options that are gone have to be reset: CREATE OR REPLACE sets only those that it names.
        let gone: Vec<&str> = options
            .iter()
            .filter_map(|pair| pair.split('=').next())
            .filter(|key| {
                !next
                    .options
                    .iter()
                    .any(|pair| pair.split('=').next() == Some(key))
            })
            .collect();
        if !gone.is_empty() {
            work.add(format!("ALTER VIEW {name} RESET ({})", gone.join(", ")));
        }
        work.append(statement("CREATE OR REPLACE", name, next));
    } else {
        for (column, text) in &next.column_comments {
            if column_comments.get(column) != Some(text) {
                work.add(column_comment(name, column, Some(text)));
            }
        }
    }
    for column in column_comments.keys() {
        if !next.column_comments.contains_key(column) {
            work.add(column_comment(name, column, None));
        }
    }
    let id = ObjectId::View { name: name.clone() };
    work.statements.extend(comment::changed(
        &id,
        &Object::View(next.clone()),
        text.as_deref(),
        next.comment.as_deref(),
    ));
    Alteration::InPlace(work)
}
