//! One table's page: columns, keys, foreign keys both ways, checks, indexes, and what it is joined with.

use seachange_schema::model::{Column, Constraint, ConstraintKind, Generated};
use seachange_schema::{Ident, Name, Object, ObjectId, Schema};

use super::file::beside;
use super::markdown::{Page, code, link, text};
use crate::diagram::{Diagram, mermaid};

pub(super) fn table(schema: &Schema, whole: &Diagram, at: usize) -> String {
    let name = &whole.tables[at].name;
    let mut page = super::page();
    page.heading(1, &name.plain());
    if let Some(comment) = &whole.tables[at].comment {
        page.paragraph(&text(comment));
    }
    page.paragraph("[All tables](../README.md)");
    columns(&mut page, schema, name, whole, at);
    partitions(&mut page, schema, name);
    constraints(&mut page, schema, name, "Keys", |kind| {
        use ConstraintKind::{Exclusion, PrimaryKey, Unique};
        matches!(kind, PrimaryKey | Unique | Exclusion)
    });
    foreign_keys(&mut page, schema, whole, at);
    referenced_by(&mut page, whole, at);
    constraints(&mut page, schema, name, "Checks", |kind| {
        kind == ConstraintKind::Check
    });
    indexes(&mut page, schema, name);
    triggers(&mut page, schema, name);
    policies(&mut page, schema, name);
    let near = whole.around(at, 1);
    if near.tables.len() > 1 {
        page.heading(2, "Joined with");
        page.block("mermaid", &mermaid(&near.keys_only()));
    }
    page.finish()
}

fn columns(page: &mut Page, schema: &Schema, table: &Name, whole: &Diagram, at: usize) {
    let drawn = &whole.tables[at];
    let rows: Vec<[String; 6]> = (schema.columns(table).into_iter().zip(&drawn.columns))
        .map(|((name, column), drawn)| {
            [
                code(name.as_str()),
                code(&column.data_type),
                drawn.marks().join(", "),
                if column.not_null { "no" } else { "yes" }.to_owned(),
                default(schema, table, name, column),
                column.comment.as_deref().map(text).unwrap_or_default(),
            ]
        })
        .collect();
    page.table(
        ["column", "type", "key", "null", "default", "what it is"],
        &rows,
    );
}

fn default(schema: &Schema, table: &Name, name: &Ident, column: &Column) -> String {
    if let Some(identity) = &column.identity {
        let when = if identity.always {
            "always"
        } else {
            "by default"
        };
        return format!("identity, {when}");
    }
    let id = ObjectId::Default {
        table: table.clone(),
        column: name.clone(),
    };
    match schema.get(&id) {
        Some(Object::Default(default)) => {
            let expression = code(&default.expression);
            match default.generated {
                Some(Generated::Stored) => format!("generated: {expression}"),
                Some(Generated::Virtual) => format!("generated when read: {expression}"),
                None => expression,
            }
        }
        _ => String::new(),
    }
}

fn partitions(page: &mut Page, schema: &Schema, table: &Name) {
    let Some(Object::Table(own)) = schema.get(&ObjectId::Table {
        name: table.clone(),
    }) else {
        return;
    };
    let Some(by) = &own.partition_by else {
        return;
    };
    page.heading(2, "Partitions");
    page.paragraph(&format!("By {}.", code(by)));
    let rows: Vec<[String; 2]> = (schema.tables())
        .filter_map(|(name, part)| match &part.partition_of {
            Some(of) if of.parent == *table => Some([code(&name.plain()), code(&of.bound)]),
            _ => None,
        })
        .collect();
    if !rows.is_empty() {
        page.table(["partition", "rows"], &rows);
    }
}

/// Those of a table, by their names.
fn of_table<'a>(
    schema: &'a Schema,
    table: &'a Name,
) -> impl Iterator<Item = (&'a Ident, &'a Constraint)> {
    schema
        .objects
        .iter()
        .filter_map(move |(id, object)| match (id, object) {
            (ObjectId::Constraint { table: of, name }, Object::Constraint(constraint))
                if of == table =>
            {
                Some((name, constraint))
            }
            _ => None,
        })
}

fn constraints(
    page: &mut Page,
    schema: &Schema,
    table: &Name,
    title: &str,
    wanted: impl Fn(ConstraintKind) -> bool,
) {
    let rows: Vec<[String; 3]> = of_table(schema, table)
        .filter(|(_, constraint)| wanted(constraint.kind))
        .map(|(name, constraint)| {
            [
                code(name.as_str()),
                code(&constraint.definition),
                constraint.comment.as_deref().map(text).unwrap_or_default(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        page.heading(2, title);
        page.table(["constraint", "definition", "what it is"], &rows);
    }
}

fn foreign_keys(page: &mut Page, schema: &Schema, whole: &Diagram, at: usize) {
    let table = &whole.tables[at].name;
    let rows: Vec<[String; 5]> = (whole.edges.iter())
        .filter(|edge| edge.child == at)
        .map(|edge| {
            let parent = &whole.tables[edge.parent];
            let id = ObjectId::Constraint {
                table: table.clone(),
                name: edge.constraint.clone(),
            };
            let definition = match schema.get(&id) {
                Some(Object::Constraint(constraint)) => constraint.definition.as_str(),
                _ => "",
            };
            [
                code(edge.constraint.as_str()),
                code(&whole.tables[at].named(&edge.child_columns)),
                format!(
                    "{} ({})",
                    link(&parent.name.plain(), &beside(&parent.name)),
                    code(&parent.named(&edge.parent_columns))
                ),
                format!("{} to {}", edge.at_child.words(), edge.at_parent.words()),
                actions(definition),
            ]
        })
        .collect();
    if !rows.is_empty() {
        page.heading(2, "Foreign keys");
        page.table(
            ["constraint", "columns", "points at", "rows", "then"],
            &rows,
        );
    }
}

/// What stands behind the columns: `ON DELETE CASCADE`, `DEFERRABLE`.
fn actions(definition: &str) -> String {
    let from = [
        "ON UPDATE ",
        "ON DELETE ",
        "DEFERRABLE",
        "NOT VALID",
        "NOT ENFORCED",
    ];
    let behind = definition.rfind(") ").map(|at| &definition[at + 2..]);
    match behind {
        Some(behind) if from.iter().any(|it| behind.starts_with(it)) => code(behind),
        _ => String::new(),
    }
}

fn referenced_by(page: &mut Page, whole: &Diagram, at: usize) {
    let rows: Vec<[String; 3]> = (whole.edges.iter())
        .filter(|edge| edge.parent == at)
        .map(|edge| {
            let child = &whole.tables[edge.child];
            [
                format!(
                    "{} ({})",
                    link(&child.name.plain(), &beside(&child.name)),
                    code(&child.named(&edge.child_columns))
                ),
                code(&whole.tables[at].named(&edge.parent_columns)),
                format!("{} to {}", edge.at_child.words(), edge.at_parent.words()),
            ]
        })
        .collect();
    if !rows.is_empty() {
        page.heading(2, "Pointed at by");
        page.table(["table", "columns here", "rows"], &rows);
    }
}

fn indexes(page: &mut Page, schema: &Schema, table: &Name) {
    let rows: Vec<[String; 4]> = (schema.objects.iter())
        .filter_map(|(id, object)| match (id, object) {
            (ObjectId::Index { name }, Object::Index(index)) if index.table == *table => Some([
                code(name.name.as_str()),
                if index.unique { "unique" } else { "" }.to_owned(),
                code(&index.definition),
                index.comment.as_deref().map(text).unwrap_or_default(),
            ]),
            _ => None,
        })
        .collect();
    if !rows.is_empty() {
        page.heading(2, "Indexes");
        page.table(["index", "", "definition", "what it is"], &rows);
    }
}

fn triggers(page: &mut Page, schema: &Schema, table: &Name) {
    let rows: Vec<[String; 3]> = (schema.objects.iter())
        .filter_map(|(id, object)| match (id, object) {
            (ObjectId::Trigger { table: of, name }, Object::Trigger(trigger)) if of == table => {
                Some([
                    code(name.as_str()),
                    code(&trigger.definition),
                    trigger.comment.as_deref().map(text).unwrap_or_default(),
                ])
            }
            _ => None,
        })
        .collect();
    if !rows.is_empty() {
        page.heading(2, "Triggers");
        page.table(["trigger", "definition", "what it is"], &rows);
    }
}

fn policies(page: &mut Page, schema: &Schema, table: &Name) {
    let rows: Vec<[String; 5]> = (schema.objects.iter())
        .filter_map(|(id, object)| match (id, object) {
            (ObjectId::Policy { table: of, name }, Object::Policy(policy)) if of == table => {
                Some([
                    code(name.as_str()),
                    code(&policy.command),
                    policy.using.as_deref().map(code).unwrap_or_default(),
                    policy.check.as_deref().map(code).unwrap_or_default(),
                    policy.comment.as_deref().map(text).unwrap_or_default(),
                ])
            }
            _ => None,
        })
        .collect();
    if !rows.is_empty() {
        page.heading(2, "Policies");
        page.table(["policy", "for", "using", "check", "what it is"], &rows);
    }
}
