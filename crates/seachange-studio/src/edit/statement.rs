//! A staged change as SQL: every name from the catalog, every value a parameter.

use seachange_schema::literal;

use super::change::{Change, Value};
use crate::answer::Refusal;
use crate::data::{Column, Relation, RowAt, Text, qualified};

/// One statement and its values.
pub(super) struct Written {
    pub(super) sql: String,
    pub(super) values: Vec<Text>,
}

impl Written {
    pub(super) fn of(relation: &Relation, change: &Change) -> Result<Self, Refusal> {
        if !relation.is_writable() {
            let kind = relation.kind.word();
            return Err(
                Refusal::bad(format!("rows of a {kind} are not changed here"))
                    .help("change those of the tables that it reads"),
            );
        }
        let table = qualified(&relation.name);
        let mut values = Vec::new();
        let sql = match change {
            Change::Insert { set } if set.is_empty() => {
                format!("INSERT INTO {table} DEFAULT VALUES")
            }
            Change::Insert { set } => {
                let mut names = Vec::new();
                let mut given = Vec::new();
                for (name, value) in set {
                    let column = writable(relation, name)?;
                    names.push(column.name.to_string());
                    given.push(expression(column, value, &mut values));
                }
                format!(
                    "INSERT INTO {table} ({}) VALUES ({})",
                    names.join(", "),
                    given.join(", ")
                )
            }
            Change::Update { set, .. } if set.is_empty() => {
                return Err(Refusal::bad("a change of a row changes nothing"));
            }
            Change::Update { at, set } => {
                let mut sets = Vec::new();
                for (name, value) in set {
                    let column = writable(relation, name)?;
                    let given = expression(column, value, &mut values);
                    sets.push(format!("{} = {given}", column.name));
                }
                let condition = condition(relation, at, &mut values)?;
                format!("UPDATE {table} SET {} WHERE {condition}", sets.join(", "))
            }
            Change::Delete { at } => {
                let condition = condition(relation, at, &mut values)?;
                format!("DELETE FROM {table} WHERE {condition}")
            }
        };
        Ok(Self { sql, values })
    }

    /// With the values in their places, to be read and copied.
    pub(super) fn shown(&self) -> String {
        let mut shown = String::new();
        let mut rest = self.sql.as_str();
        // Names are quoted, and a quoted name may hold such signs as well.
        while let Some(at) = rest.find(['$', '"']) {
            shown.push_str(&rest[..at]);
            rest = &rest[at..];
            if rest.starts_with('"') {
                let end = rest[1..].find('"').map_or(rest.len(), |end| end + 2);
                shown.push_str(&rest[..end]);
                rest = &rest[end..];
                continue;
            }
            let digits = rest[1..]
                .find(|character: char| !character.is_ascii_digit())
                .map_or(rest.len(), |end| end + 1);
            let value = rest[1..digits]
                .parse::<usize>()
                .ok()
                .and_then(|number| self.values.get(number - 1));
            match value {
                Some(Some(text)) => shown.push_str(&literal(text)),
                Some(None) => shown.push_str("NULL"),
                None => shown.push_str(&rest[..digits]),
            }
            rest = rest[digits..]
                .strip_prefix("::text")
                .unwrap_or(&rest[digits..]);
        }
        shown.push_str(rest);
        shown
    }
}

/// The row at a place, in the version that was seen there.
pub(super) fn condition(
    relation: &Relation,
    at: &RowAt,
    values: &mut Vec<Text>,
) -> Result<String, Refusal> {
    let mut parts = relation.key.conditions(&at.key, values).ok_or_else(|| {
        Refusal::bad("this names no row of the table").help("load the page again")
    })?;
    values.push(Some(at.version.clone()));
    parts.push(format!("xmin::text = ${}::text", values.len()));
    Ok(parts.join(" AND "))
}

fn writable<'a>(relation: &'a Relation, name: &str) -> Result<&'a Column, Refusal> {
    match relation.column(name) {
        Some(column) if column.generated => Err(Refusal::bad(format!(
            "`{name}` is generated: PostgreSQL gives its value"
        ))),
        Some(column) => Ok(column),
        None => {
            Err(Refusal::bad(format!("there is no column `{name}`")).help("load the page again"))
        }
    }
}

fn expression(column: &Column, value: &Value, values: &mut Vec<Text>) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Default => "DEFAULT".to_owned(),
        Value::Text(text) => {
            values.push(Some(text.clone()));
            format!("${}::text::{}", values.len(), column.type_name)
        }
    }
}
