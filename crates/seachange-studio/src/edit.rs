//! Rows inserted, changed and deleted: first shown as the SQL that will run, then saved in one transaction or not at all.

mod blame;
mod change;
mod save;
mod statement;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use sqlx::AssertSqlSafe;

use crate::answer::Refusal;
use crate::app::Shared;
use crate::data::{RowAt, Text, arguments, qualified, relation};
use change::Change;
use save::Saved;
use statement::Written;

/// More changes than this are no editing by hand.
const CHANGES: usize = 1000;
/// The characters of a value that a browser is given to edit.
const LONGEST: usize = 1_000_000;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/api/rows/{schema}/{name}/sql", post(preview))
        .route("/api/rows/{schema}/{name}/save", post(save))
        .route("/api/rows/{schema}/{name}/value", post(value))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Staged {
    changes: Vec<Change>,
}

#[derive(Serialize)]
struct Preview {
    sql: String,
}

/// The SQL that saving would run, with its values in it.
async fn preview(
    State(app): State<Shared>,
    Path((schema, name)): Path<(String, String)>,
    Json(staged): Json<Staged>,
) -> Result<Json<Preview>, Refusal> {
    let mut reading = app.database.read().await?;
    let relation = relation(&mut reading, &schema, &name).await?;
    let mut sql = String::from("BEGIN;\n");
    for change in within(staged)? {
        let written = Written::of(&relation, &change)?;
        sql.push_str(&written.shown());
        sql.push_str(";\n");
    }
    sql.push_str("COMMIT;\n");
    Ok(Json(Preview { sql }))
}

async fn save(
    State(app): State<Shared>,
    Path((schema, name)): Path<(String, String)>,
    Json(staged): Json<Staged>,
) -> Result<Response, Refusal> {
    let changes = within(staged)?;
    let saved = save::save(&app.database, &schema, &name, &changes).await?;
    let status = match &saved {
        Saved::Done { .. } => StatusCode::OK,
        Saved::Changed { .. } => StatusCode::CONFLICT,
        Saved::Failed { refusal, .. } => refusal.status(),
    };
    Ok((status, Json(saved)).into_response())
}

fn within(staged: Staged) -> Result<Vec<Change>, Refusal> {
    match staged.changes.len() {
        0 => Err(Refusal::bad("nothing is to be saved")),
        1..=CHANGES => Ok(staged.changes),
        more => Err(
            Refusal::bad(format!("{more} changes at a time are more than {CHANGES}"))
                .help("save some of them first, or import a file"),
        ),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    at: RowAt,
    column: String,
}

#[derive(Serialize)]
struct Whole {
    value: Text,
}

/// The whole of a value, of which a grid shows the beginning.
async fn value(
    State(app): State<Shared>,
    Path((schema, name)): Path<(String, String)>,
    Json(wanted): Json<Wanted>,
) -> Result<Json<Whole>, Refusal> {
    let mut reading = app.database.read().await?;
    let relation = relation(&mut reading, &schema, &name).await?;
    let column = relation
        .column(&wanted.column)
        .ok_or_else(|| Refusal::bad(format!("there is no column `{}`", wanted.column)))?;
    let mut values = Vec::new();
    let condition = statement::condition(&relation, &wanted.at, &mut values)?;
    // Cut at the server: a value can be as large as a gigabyte.
    let sql = format!(
        "SELECT left({}::text, {}) FROM {} WHERE {condition}",
        column.name,
        LONGEST + 1,
        qualified(&relation.name)
    );
    let query = sqlx::query_scalar_with(AssertSqlSafe(sql), arguments(&values)?);
    let found: Option<Text> = query
        .persistent(false)
        .fetch_optional(&mut *reading)
        .await?;
    match found {
        Some(Some(text)) if text.chars().nth(LONGEST).is_some() => Err(Refusal::bad(format!(
            "this value has more than {LONGEST} characters"
        ))
        .help("change it with SQL; an export has the whole of it")),
        Some(value) => Ok(Json(Whole { value })),
        None => Err(Refusal::new(
            StatusCode::CONFLICT,
            "this row was changed or deleted meanwhile",
        )
        .help("load the page again")),
    }
}
