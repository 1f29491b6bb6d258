//! A CSV file's rows into a table: all of them or none, by COPY.

use axum::extract::{Path, State};
use axum::{Extension, Json};
use maud::{Markup, html};
use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::load::{self, Given};
use crate::answer::{PageRefusal, Refusal};
use crate::app::Shared;
use crate::data::{qualified, relation};
use crate::guard::Session;
use crate::page::{Place, encode, shell};
use crate::tables;

#[derive(Serialize)]
pub(super) struct Imported {
    rows: u64,
}

pub(super) async fn page(
    State(app): State<Shared>,
    Extension(session): Extension<Session>,
    Path((schema, name)): Path<(String, String)>,
) -> Result<Markup, PageRefusal> {
    let relation = relation(&mut *app.database.read().await?, &schema, &name).await?;
    let plain = relation.name.plain();
    let columns: Vec<&str> = (relation.columns.iter())
        .filter(|column| !column.generated)
        .map(|column| column.name.as_str())
        .collect();
    let content = html! {
        div.bar { h1 { "Import into " a href=(tables::path(&schema, &name)) { (plain) } } }
        form #import data-api=(format!("/api/import/{}/{}", encode(&schema), encode(&name)))
            data-columns=(serde_json::json!(columns)) data-table=(tables::path(&schema, &name)) {
            div.bar {
                input type="file" name="file" accept=".csv,.tsv,text/csv,text/tab-separated-values" required aria-label="File";
                label { "between fields " select name="delimiter" {
                    option value="," { "," } option value=";" { ";" } option value="\t" { "tab" } option value="|" { "|" }
                } }
            }
            p.help { "A CSV file with a header. An empty field is NULL, \"\" an empty text. All rows are imported, or none." }
        }
        div #preview {}
    };
    Ok(shell(
        &app,
        &session,
        Place::Tables,
        &plain,
        Some("import.js"),
        &content,
    ))
}

pub(super) async fn import(
    State(app): State<Shared>,
    Path((schema, name)): Path<(String, String)>,
    Json(given): Json<Given>,
) -> Result<Json<Imported>, Refusal> {
    let mut writing = app.database.write().await?;
    let relation = relation(&mut writing, &schema, &name).await?;
    let chosen = load::load(&mut writing, &relation, &given).await?;
    let names: Vec<String> = chosen.iter().map(|it| it.column.name.to_string()).collect();
    let values: Vec<String> = (chosen.iter())
        .map(|it| format!("{}::{}", it.field, it.column.type_name))
        .collect();
    let insert = format!(
        "INSERT INTO {} ({}) SELECT {} FROM {} ORDER BY line",
        qualified(&relation.name),
        names.join(", "),
        values.join(", "),
        load::TABLE
    );
    let done = sqlx::query(AssertSqlSafe(insert))
        .persistent(false)
        .execute(&mut *writing)
        .await?;
    writing.commit().await?;
    Ok(Json(Imported {
        rows: done.rows_affected(),
    }))
}
