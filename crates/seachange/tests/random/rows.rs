//! A few rows for every table, as far as it takes them; and what must still be there afterwards.

use std::collections::BTreeMap;

use seachange_schema::change::Changes;
use seachange_schema::name::literal;
use seachange_schema::{Ident, Name, Object, ObjectId, Schema};
use sqlx::{AssertSqlSafe, Row};

use super::build::Bench;

/// Inserts rows into every table that takes them. A row that violates something is tried with other
/// values, then left out; tables are gone through again, since rows point at rows.
pub(crate) async fn fill(bench: &mut Bench, schema: &Schema) {
    for _ in 0..2 {
        for (name, table) in schema.tables() {
            if table.partition_of.is_some() {
                continue;
            }
            for row in 0..3 {
                for variant in 0..3 {
                    if bench
                        .run(&insert(schema, name, row, row + variant))
                        .await
                        .is_ok()
                    {
                        break;
                    }
                }
            }
        }
    }
}

fn insert(schema: &Schema, table: &Name, row: usize, at: usize) -> String {
    let mut names = Vec::new();
    let mut values = Vec::new();
    for (name, column) in schema.columns(table) {
        let generated = matches!(
            schema.get(&ObjectId::Default { table: table.clone(), column: name.clone() }),
            Some(Object::Default(default)) if default.generated.is_some()
        );
        let always = column
            .identity
            .as_ref()
            .is_some_and(|identity| identity.always);
        if generated || always {
            continue;
        }
        let at = if name.as_str() == "id" { row } else { at };
        if let Some(value) = value(schema, &column.data_type, at) {
            names.push(name.to_string());
            values.push(value);
        }
    }
    if names.is_empty() {
        return format!("INSERT INTO {table} DEFAULT VALUES");
    }
    format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        names.join(", "),
        values.join(", ")
    )
}

/// A value of a type; none where the default has to do.
fn value(schema: &Schema, data_type: &str, at: usize) -> Option<String> {
    if let Some(element) = data_type.strip_suffix("[]") {
        let value = value(schema, element, at)?;
        return Some(format!("ARRAY[{value}]::{data_type}"));
    }
    let base = data_type.split('(').next().unwrap_or(data_type);
    let choice = |some: [&str; 3]| Some(some[at % 3].to_owned());
    match base {
        "integer" | "bigint" | "smallint" | "numeric" | "double precision" => {
            choice(["1", "2", "3"])
        }
        "text" | "character varying" | "character" => choice(["'a'", "'low'", "'mid'"]),
        "boolean" => choice(["true", "false", "true"]),
        "date" | "timestamp without time zone" | "timestamp with time zone" => {
            choice(["'2026-01-01'", "'2026-02-01'", "'1999-12-31'"])
        }
        "jsonb" | "json" => choice(["'{}'", "'[]'", "'{\"a\": 1}'"]),
        "uuid" => choice([
            "'00000000-0000-0000-0000-000000000001'",
            "'00000000-0000-0000-0000-000000000002'",
            "'00000000-0000-0000-0000-000000000003'",
        ]),
        "bytea" => choice(["'\\x01'", "'\\x02'", "'\\x03'"]),
        "inet" => choice(["'10.0.0.1'", "'10.0.0.2'", "'::1'"]),
        "int4range" => choice(["'[1,2)'", "'[2,5)'", "'[7,9)'"]),
        _ => own_value(schema, data_type, at),
    }
}

fn own_value(schema: &Schema, data_type: &str, at: usize) -> Option<String> {
    let found = schema.objects.iter().find_map(|(id, object)| match id {
        ObjectId::Type { name } if unquoted(data_type) == name.plain() => Some(object),
        _ => None,
    })?;
    match found {
        Object::Enum(found) => Some(literal(&found.labels[at % found.labels.len()])),
        Object::Domain(domain) => value(schema, &domain.data_type, at),
        Object::Range(_) => Some("'empty'".to_owned()),
        _ => None,
    }
}

fn unquoted(name: &str) -> String {
    name.replace("\"\"", "\u{0}")
        .replace('"', "")
        .replace('\u{0}', "\"")
}

/// What the tables hold in columns that are the same on both sides, as text, by table.
pub(crate) type Kept = BTreeMap<String, String>;

pub(crate) async fn kept(bench: &mut Bench, changes: &Changes) -> Result<Kept, sqlx::Error> {
    let mut kept = Kept::new();
    for (name, table) in changes.previous.tables() {
        let id = ObjectId::Table { name: name.clone() };
        if !changes.next.contains(&id) || table.partition_by.is_some() {
            continue;
        }
        let columns: Vec<String> = changes
            .previous
            .columns(name)
            .into_iter()
            .filter(|(column, _)| stays(changes, name, column))
            .map(|(column, _)| format!("{column}::text"))
            .collect();
        let list = if columns.is_empty() {
            "1".to_owned()
        } else {
            columns.join(", ")
        };
        let query = format!(
            "SELECT coalesce(jsonb_agg(q ORDER BY q), '[]')::text \
             FROM (SELECT jsonb_build_array({list}) AS q FROM ONLY {name}) AS rows"
        );
        let row = sqlx::query(AssertSqlSafe(query))
            .fetch_one(&mut bench.connection)
            .await?;
        kept.insert(name.plain(), row.try_get(0)?);
    }
    Ok(kept)
}

/// Whether a column and its type are the same on both sides, and its values are its own.
fn stays(changes: &Changes, table: &Name, name: &Ident) -> bool {
    let id = ObjectId::Column {
        table: table.clone(),
        name: name.clone(),
    };
    let default = ObjectId::Default {
        table: table.clone(),
        column: name.clone(),
    };
    let (Some(Object::Column(previous)), Some(Object::Column(next))) =
        (changes.previous.get(&id), changes.next.get(&id))
    else {
        return false;
    };
    let computed = [&changes.previous, &changes.next].into_iter().any(
        |schema| matches!(schema.get(&default), Some(Object::Default(default)) if default.generated.is_some()),
    );
    let type_changes = changes
        .previous
        .needs(&id)
        .any(|need| changes.changes.contains_key(need) && matches!(need, ObjectId::Type { .. }));
    previous.data_type == next.data_type && !computed && !type_changes
}
