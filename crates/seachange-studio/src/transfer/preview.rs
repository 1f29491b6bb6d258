//! What an import would do: the first rows, and what PostgreSQL says to each value that is none of its column's type.

use axum::Json;
use axum::extract::{Path, State};
use seachange_schema::literal;
use serde::Serialize;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::load::{self, Chosen, Given};
use crate::answer::Refusal;
use crate::app::Shared;
use crate::data::{Text, relation};

/// The rows that are shown.
const SHOWN: i64 = 20;
/// The rows whose values are tried.
const TRIED: i64 = 20_000;
/// The values that are told of.
const TOLD: i64 = 50;

#[derive(Serialize)]
pub(super) struct Preview {
    rows: i64,
    tried: i64,
    /// Of the chosen columns, in the order of the fields.
    columns: Vec<Head>,
    first: Vec<Vec<Text>>,
    wrong: Vec<Wrong>,
}

#[derive(Serialize)]
struct Head {
    name: String,
    #[serde(rename = "type")]
    kind: String,
}

/// A value that its column would not take.
#[derive(Serialize)]
struct Wrong {
    /// From 1, without the header.
    row: i64,
    column: String,
    value: Text,
    why: String,
}

pub(super) async fn preview(
    State(app): State<Shared>,
    Path((schema, name)): Path<(String, String)>,
    Json(given): Json<Given>,
) -> Result<Json<Preview>, Refusal> {
    let mut writing = app.database.write().await?;
    let relation = relation(&mut writing, &schema, &name).await?;
    let chosen = load::load(&mut writing, &relation, &given).await?;
    let rows: i64 = sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT count(*) FROM {}",
        load::TABLE
    )))
    .fetch_one(&mut *writing)
    .await?;
    let fields: Vec<&str> = chosen.iter().map(|it| it.field.as_str()).collect();
    let first = format!(
        "SELECT ARRAY[{}]::text[] FROM {} ORDER BY line LIMIT {SHOWN}",
        fields.join(", "),
        load::TABLE
    );
    let first: Vec<Vec<Text>> = sqlx::query_scalar(AssertSqlSafe(first))
        .persistent(false)
        .fetch_all(&mut *writing)
        .await?;
    let mut wrong = Vec::new();
    for (at, field) in chosen.iter().enumerate() {
        wrong.extend(refused(&mut writing, at, field).await?);
    }
    wrong.sort_by_key(|it| it.row);
    let columns = chosen
        .iter()
        .map(|it| Head {
            name: it.column.name.as_str().to_owned(),
            kind: it.column.type_shown.clone(),
        })
        .collect();
    // It was only to see.
    writing.rollback().await?;
    Ok(Json(Preview {
        rows,
        tried: rows.min(TRIED),
        columns,
        first,
        wrong,
    }))
}

/// The values of one field that its column does not take, by a function that lives as long as the transaction.
async fn refused(
    connection: &mut PgConnection,
    at: usize,
    chosen: &Chosen<'_>,
) -> Result<Vec<Wrong>, Refusal> {
    let Chosen { field, column } = chosen;
    let function = format!("pg_temp.seachange_takes_{at}");
    let longest = column.longest().map_or_else(String::new, |longest| {
        format!(
            "IF length(given) > {longest} THEN RETURN 'longer than {longest} characters'; END IF;"
        )
    });
    let body = format!(
        "BEGIN {longest} PERFORM given::{}; RETURN NULL; \
         EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN RETURN SQLERRM; END",
        column.type_name
    );
    // A type's name may hold whatever would end a dollar quote.
    let create = format!(
        "CREATE FUNCTION {function}(given text) RETURNS text LANGUAGE plpgsql AS {}",
        literal(&body)
    );
    connection
        .execute(sqlx::raw_sql(AssertSqlSafe(create)))
        .await?;
    // What is NULL is inserted as NULL: no default steps in.
    let required = match column.required {
        true => "WHEN given IS NULL THEN 'it must have a value'",
        false => "WHEN given IS NULL THEN NULL",
    };
    let ask = format!(
        "SELECT line, left(given, 200), why FROM ( \
            SELECT line, given, CASE {required} ELSE {function}(given) END AS why \
            FROM (SELECT line, {field} AS given FROM {} WHERE line <= {TRIED}) AS tried \
         ) AS told WHERE why IS NOT NULL ORDER BY line LIMIT {TOLD}",
        load::TABLE
    );
    let told: Vec<(i64, Text, String)> = sqlx::query_as(AssertSqlSafe(ask))
        .persistent(false)
        .fetch_all(connection)
        .await?;
    Ok(told
        .into_iter()
        .map(|(row, value, why)| Wrong {
            row,
            column: column.name.as_str().to_owned(),
            value,
            why,
        })
        .collect())
}
