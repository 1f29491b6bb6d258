//! The index: the whole diagram, every table in a line, enums, domains and views.

use seachange_schema::model::View;
use seachange_schema::{Name, Object, ObjectId, Schema};

use super::file::below;
use super::markdown::{Page, code, link, text};
use crate::diagram::{Diagram, mermaid};

/// With more tables, the diagram in the text has the keys alone: those who show it have limits.
const FULL: usize = 40;

pub(super) fn index(schema: &Schema, whole: &Diagram, title: &str) -> String {
    let mut page = super::page();
    page.heading(1, &format!("Schema of {title}"));
    if whole.tables.is_empty() {
        page.paragraph("It has no table yet.");
    } else {
        tables(&mut page, whole);
    }
    enums(&mut page, schema);
    domains(&mut page, schema);
    views(&mut page, schema);
    page.finish()
}

fn tables(page: &mut Page, whole: &Diagram) {
    page.paragraph("![Diagram of all tables](diagram.svg)");
    page.heading(2, "Tables");
    let rows: Vec<[String; 3]> = (whole.tables.iter())
        .map(|table| {
            [
                link(&table.name.plain(), &below(&table.name)),
                table.columns.len().to_string(),
                table.comment.as_deref().map(text).unwrap_or_default(),
            ]
        })
        .collect();
    page.table(["table", "columns", "what it is"], &rows);
    page.heading(2, "Diagram");
    let drawn = match whole.tables.len() > FULL {
        true => mermaid(&whole.keys_only()),
        false => mermaid(whole),
    };
    page.block("mermaid", &drawn);
}

fn enums(page: &mut Page, schema: &Schema) {
    let rows: Vec<[String; 3]> = (schema.objects.iter())
        .filter_map(|(id, object)| match (id, object) {
            (ObjectId::Type { name }, Object::Enum(it)) => {
                let labels: Vec<String> = it.labels.iter().map(|label| code(label)).collect();
                Some([
                    code(&name.plain()),
                    labels.join(", "),
                    it.comment.as_deref().map(text).unwrap_or_default(),
                ])
            }
            _ => None,
        })
        .collect();
    if !rows.is_empty() {
        page.heading(2, "Enums");
        page.table(["enum", "labels", "what it is"], &rows);
    }
}

fn domains(page: &mut Page, schema: &Schema) {
    let rows: Vec<[String; 4]> = (schema.objects.iter())
        .filter_map(|(id, object)| match (id, object) {
            (ObjectId::Type { name }, Object::Domain(it)) => {
                let mut rules: Vec<String> = Vec::new();
                if it.not_null {
                    rules.push("NOT NULL".to_owned());
                }
                rules.extend(it.checks.values().map(|check| code(&check.definition)));
                Some([
                    code(&name.plain()),
                    code(&it.data_type),
                    rules.join(", "),
                    it.comment.as_deref().map(text).unwrap_or_default(),
                ])
            }
            _ => None,
        })
        .collect();
    if !rows.is_empty() {
        page.heading(2, "Domains");
        page.table(["domain", "over", "rules", "what it is"], &rows);
    }
}

fn views(page: &mut Page, schema: &Schema) {
    let views: Vec<(&Name, &View)> = (schema.objects.iter())
        .filter_map(|(id, object)| match (id, object) {
            (ObjectId::View { name }, Object::View(view)) => Some((name, view)),
            _ => None,
        })
        .collect();
    if views.is_empty() {
        return;
    }
    page.heading(2, "Views");
    for (name, view) in views {
        page.heading(3, &name.plain());
        if view.materialized {
            page.paragraph("A materialized view.");
        }
        if let Some(comment) = &view.comment {
            page.paragraph(&text(comment));
        }
        let rows: Vec<[String; 3]> = (view.columns.iter())
            .map(|(column, data_type)| {
                let comment = view.column_comments.get(column);
                [
                    code(column.as_str()),
                    code(data_type),
                    comment.map(|it| text(it)).unwrap_or_default(),
                ]
            })
            .collect();
        page.table(["column", "type", "what it is"], &rows);
        page.block("sql", &view.definition);
    }
}
