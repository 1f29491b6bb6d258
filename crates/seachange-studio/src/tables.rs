//! The list of tables and views, and how many rows they really have.

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use maud::{Markup, html};
use serde::Serialize;
use sqlx::AssertSqlSafe;

use crate::answer::{PageRefusal, Refusal};
use crate::app::Shared;
use crate::data::{self, Listed, qualified, relation};
use crate::guard::Session;
use crate::page::{Place, bytes, count, encode, shell};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/", get(tables))
        .route("/api/tables", get(names))
        .route("/api/count/{schema}/{name}", post(exact))
}

/// Where a table is.
pub(crate) fn path(schema: &str, name: &str) -> String {
    format!("/table/{}/{}", encode(schema), encode(name))
}

async fn tables(
    State(app): State<Shared>,
    Extension(session): Extension<Session>,
) -> Result<Markup, PageRefusal> {
    let listed = data::list(&mut *app.database.read().await?).await?;
    let content = html! {
        div.bar {
            h1 { "Tables" }
            input type="search" data-filter="#tables tbody tr" placeholder="Search" aria-label="Search the tables" autofocus;
        }
        @if listed.is_empty() {
            p.empty { "This database has no table yet." }
        } @else {
            (table(&listed))
        }
    };
    Ok(shell(
        &app,
        &session,
        Place::Tables,
        "Tables",
        None,
        &content,
    ))
}

fn table(listed: &[Listed]) -> Markup {
    html! {
        div.scroll {
            table #tables.list {
                thead { tr { th { "Name" } th.number { "Rows" } th.number { "Size" } th.aside { "What it is" } } }
                tbody {
                    @for one in listed {
                        tr data-text=(format!("{}.{}", one.schema, one.name)) {
                            td {
                                @if one.schema != "public" { span.faint { (one.schema) "." } }
                                a href=(path(&one.schema, &one.name)) { (one.name) }
                            }
                            td.number { (rows(one)) }
                            td.number { @if one.bytes > 0 { (bytes(one.bytes)) } }
                            td.what.aside {
                                (one.kind.word())
                                @if let Some(comment) = &one.comment { " · " (comment) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// An estimate, and the way to know it exactly.
fn rows(one: &Listed) -> Markup {
    html! {
        @match one.rows {
            Some(rows) => { span.estimate title="As of the last ANALYZE" { "≈ " (count(rows)) } }
            None => { span.faint { "not analyzed" } }
        }
        " "
        button.quiet type="button" data-count=(format!("/api/count/{}/{}", encode(&one.schema), encode(&one.name)))
            aria-label=(format!("Count {}", one.name)) { "count" }
    }
}

/// Every name, for the palette.
async fn names(State(app): State<Shared>) -> Result<Json<Vec<Target>>, Refusal> {
    let listed = data::list(&mut *app.database.read().await?).await?;
    Ok(Json(
        listed
            .into_iter()
            .map(|one| Target {
                path: path(&one.schema, &one.name),
                name: match one.schema.as_str() {
                    "public" => one.name,
                    schema => format!("{schema}.{}", one.name),
                },
                kind: one.kind.word(),
            })
            .collect(),
    ))
}

#[derive(Serialize)]
struct Target {
    name: String,
    kind: &'static str,
    path: String,
}

#[derive(Serialize)]
struct Exact {
    rows: i64,
    shown: String,
}

async fn exact(
    State(app): State<Shared>,
    Path((schema, name)): Path<(String, String)>,
) -> Result<Json<Exact>, Refusal> {
    let mut reading = app.database.read().await?;
    let relation = relation(&mut reading, &schema, &name).await?;
    let sql = format!("SELECT count(*) FROM {}", qualified(&relation.name));
    let rows: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(&mut *reading)
        .await?;
    Ok(Json(Exact {
        rows,
        shown: count(rows),
    }))
}
