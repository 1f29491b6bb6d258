//! One row by itself: every value whole, the rows that it points at, and those that point at it.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Extension, Router};
use maud::{Markup, html};
use serde::Deserialize;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::answer::{PageRefusal, Refusal};
use crate::app::Shared;
use crate::data::{
    Column, Editor, ForeignKey, Relation, RowKey, Text, arguments, equal, missing, qualified,
    relation,
};
use crate::grid::rows_of;
use crate::guard::Session;
use crate::page::{Place, count, shell};
use crate::tables;

/// The characters of one value that a page holds.
const LONGEST: usize = 100_000;
/// Rows that point here are counted up to this many: nobody waits for a count of millions.
const COUNTED: i64 = 10_000;

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/table/{schema}/{name}/row", get(row))
}

#[derive(Deserialize)]
struct Which {
    key: String,
}

async fn row(
    State(app): State<Shared>,
    Extension(session): Extension<Session>,
    Path((schema, name)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Result<Markup, PageRefusal> {
    let mut reading = app.database.read().await?;
    let relation = relation(&mut reading, &schema, &name).await?;
    let key: Vec<Text> =
        serde_json::from_str(&which.key).map_err(|_| Refusal::bad("this address names no row"))?;
    let values = values(&mut reading, &relation, &key).await?;
    let mut pointing = Vec::new();
    for foreign in &relation.referenced {
        let own = own(&relation, foreign, &values);
        let rows = match &own {
            Some(own) => Some(pointing_at(&mut reading, foreign, own).await?),
            None => None,
        };
        pointing.push((foreign, own, rows));
    }
    drop(reading);
    let content = html! {
        div.bar {
            h1 { a href=(tables::path(&schema, &name)) { (relation.name.plain()) } }
            span.faint { (key.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")) }
        }
        (fields(&relation, &values))
        @if !pointing.is_empty() {
            h2 { "Rows that point here" }
            div.scroll { table.list #pointing { tbody {
                @for (foreign, own, rows) in &pointing { (pointer(foreign, own.as_deref(), *rows)) }
            } } }
        }
    };
    let title = relation.name.plain();
    Ok(shell(&app, &session, Place::Tables, &title, None, &content))
}

async fn values(
    connection: &mut PgConnection,
    relation: &Relation,
    key: &[Text],
) -> Result<Vec<Text>, Refusal> {
    let RowKey::Columns(_) = &relation.key else {
        return Err(Refusal::bad(
            "rows of this relation have no key to be found by",
        ));
    };
    let mut parameters = Vec::new();
    let conditions = relation.key.conditions(key, &mut parameters);
    let conditions = conditions.ok_or_else(|| {
        Refusal::bad("this address names no row").help("the key may be another by now")
    })?;
    let texts: Vec<String> = (relation.columns.iter())
        .map(|column| format!("left({}::text, {})", column.name, LONGEST + 1))
        .collect();
    let sql = format!(
        "SELECT ARRAY[{}]::text[] FROM {} WHERE {}",
        texts.join(", "),
        qualified(&relation.name),
        conditions.join(" AND ")
    );
    let arguments = arguments(&parameters)?;
    let found: Option<Vec<Text>> = sqlx::query_scalar_with(AssertSqlSafe(sql), arguments)
        .persistent(false)
        .fetch_optional(connection)
        .await?;
    found.ok_or_else(|| {
        Refusal::new(StatusCode::NOT_FOUND, "there is no row with this key")
            .help("it may have been deleted, or its key changed")
    })
}

/// The values of a row at this end of a foreign key; none where one is NULL, which points at nothing.
fn own<'a>(relation: &Relation, key: &ForeignKey, values: &'a [Text]) -> Option<Vec<&'a str>> {
    key.own
        .iter()
        .map(|name| {
            let at = relation
                .columns
                .iter()
                .position(|it| it.name.as_str() == name)?;
            values[at].as_deref()
        })
        .collect()
}

async fn pointing_at(
    connection: &mut PgConnection,
    key: &ForeignKey,
    own: &[&str],
) -> Result<i64, Refusal> {
    let other = relation(connection, &key.schema, &key.table).await?;
    let mut values = Vec::new();
    let mut conditions = Vec::new();
    for (name, value) in key.theirs.iter().zip(own) {
        let column = other
            .column(name)
            .ok_or_else(|| missing(&key.schema, &key.table))?;
        let value = Some((*value).to_owned());
        conditions.push(equal(&column.name, &column.type_name, value, &mut values));
    }
    let sql = format!(
        "SELECT count(*) FROM (SELECT FROM {} WHERE {} LIMIT {}) AS pointing",
        qualified(&other.name),
        conditions.join(" AND "),
        COUNTED + 1
    );
    let rows = sqlx::query_scalar_with(AssertSqlSafe(sql), arguments(&values)?)
        .persistent(false)
        .fetch_one(connection)
        .await?;
    Ok(rows)
}

fn fields(relation: &Relation, values: &[Text]) -> Markup {
    html! {
        div.scroll { table.list.row #row { tbody {
            @for (column, value) in relation.columns.iter().zip(values) {
                tr {
                    th scope="row" title=[column.comment.as_deref()] {
                        (column.name.as_str())
                        @if relation.key.has(&column.name) { span.key title="Part of the key" { "⚷" } }
                        small { " " (column.type_shown) }
                    }
                    td { (whole(column, value)) (links(relation, column, values)) }
                }
            }
        } } }
    }
}

fn whole(column: &Column, value: &Text) -> Markup {
    let Some(text) = value else {
        return html! { span.null { "NULL" } };
    };
    let cut = text.char_indices().nth(LONGEST).map(|(at, _)| &text[..at]);
    html! {
        @if text.is_empty() { span.faint { "empty" } }
        @else if column.editor == Editor::Json { pre.json { (pretty(text)) } }
        @else if text.len() > 80 || text.contains('\n') { pre { (cut.unwrap_or(text)) } }
        @else { (text) }
        @if cut.is_some() { span.faint { "… longer than a page shows" } }
    }
}

/// Indented, with every number and key as PostgreSQL wrote it.
fn pretty(text: &str) -> String {
    let mut out = String::new();
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if quoted {
            out.push(character);
            quoted = escaped || character != '"';
            escaped = !escaped && character == '\\';
            continue;
        }
        let new_line = |out: &mut String, depth: usize| {
            out.push('\n');
            out.push_str(&"  ".repeat(depth.min(40)));
        };
        match character {
            '"' => {
                quoted = true;
                out.push(character);
            }
            '{' | '[' => {
                out.push(character);
                while characters.next_if(|it| it.is_whitespace()).is_some() {}
                if characters.peek().is_some_and(|it| *it != '}' && *it != ']') {
                    depth += 1;
                    new_line(&mut out, depth);
                } else if let Some(close) = characters.next() {
                    out.push(close);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(character);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            white if white.is_whitespace() => {}
            other => out.push(other),
        }
    }
    out
}

/// The foreign keys that this column ends: each leads to the row that it points at.
fn links(relation: &Relation, column: &Column, values: &[Text]) -> Markup {
    let ending = relation
        .references
        .iter()
        .filter(|key| key.own.last().map(String::as_str) == Some(column.name.as_str()));
    html! {
        @for key in ending {
            @if let Some(own) = own(relation, key, values) {
                " " a href=(rows_of(key, &own)) title=(key.name) { "→ " (key.table) }
            }
        }
    }
}

fn pointer(key: &ForeignKey, own: Option<&[&str]>, rows: Option<i64>) -> Markup {
    let shown = match rows {
        Some(rows) if rows > COUNTED => format!("more than {}", count(COUNTED)),
        Some(rows) => count(rows),
        None => "0".to_owned(),
    };
    html! {
        tr {
            td {
                @if let Some(own) = own { a href=(rows_of(key, own)) { (key.table) } } @else { (key.table) }
                small { " by " (key.theirs.join(", ")) }
            }
            td.number { (shown) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn json_is_indented_and_nothing_of_it_lost() {
        assert_eq!(
            pretty(r#"{"a": 1.10, "b": []}"#),
            "{\n  \"a\": 1.10,\n  \"b\": []\n}"
        );
        assert_eq!(pretty(r#"["\"{", {}]"#), "[\n  \"\\\"{\",\n  {}\n]");
        assert_eq!(pretty("12345678901234567890"), "12345678901234567890");
    }
}
