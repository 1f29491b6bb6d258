//! Rows as a file, streamed through a cursor: nothing is held but what the browser has not taken yet.

use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde::Deserialize;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _, Statement as _, ValueRef as _};
use tokio::sync::mpsc;

use super::write::{Field, Format, Writer};
use crate::answer::{PageRefusal, Refusal};
use crate::app::{App, Shared};
use crate::data::{Apart, Column, Editor, Text, arguments, qualified, relation};
use crate::grid::{Address, selected};

/// The rows that are fetched at a time.
const FETCHED: usize = 1000;
/// The bytes that are held of them before they are given to the browser.
const LARGE: usize = 1 << 20;

type Chunk = Result<Bytes, std::io::Error>;

/// A table, as its grid's address narrows it down and sorts it.
pub(super) async fn table(
    State(app): State<Shared>,
    Path((schema, name, format)): Path<(String, String, String)>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, PageRefusal> {
    let format = known(&format)?;
    let mut session = app.database.exporting().await?;
    let relation = relation(&mut session, &schema, &name).await?;
    let address = Address::read(&relation, &pairs)?;
    let (columns, sql, values) = selected(&relation, &address)?;
    let columns: Vec<&Column> = match format {
        Format::Sql => columns
            .into_iter()
            .filter(|it| !it.generated || it.default.is_none())
            .collect(),
        _ => columns,
    };
    let fields = columns.iter().map(|it| field(it)).collect();
    let names: Vec<String> = columns.iter().map(|it| it.name.to_string()).collect();
    let sql = format!("SELECT {} {sql}", names.join(", "));
    open(&mut session, &sql, arguments(&values)?).await?;
    let writer = Writer::new(format, fields, qualified(&relation.name));
    Ok(file(&app, session, writer, &relation.name.plain()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    sql: String,
    format: String,
}

/// The result of a query; it only reads.
pub(super) async fn query(
    State(app): State<Shared>,
    Json(asked): Json<Asked>,
) -> Result<Response, Refusal> {
    let format = known(&asked.format)?;
    let mut session = app.database.exporting().await?;
    open(&mut session, &asked.sql, PgArguments::default()).await?;
    let prepared = (&mut session)
        .prepare(sqlx::SqlStr::from_static("FETCH 0 FROM exported"))
        .await?;
    let fields = prepared.columns().iter().map(sqlx::Column::name);
    let fields = fields
        .map(|name| Field {
            name: name.to_owned(),
            quoted: seachange_schema::Ident::new(name).to_string(),
            json: false,
        })
        .collect();
    Ok(file(
        &app,
        session,
        Writer::new(format, fields, "\"result\"".to_owned()),
        "result",
    ))
}

fn known(format: &str) -> Result<Format, Refusal> {
    Format::read(format).ok_or_else(|| {
        Refusal::bad(format!("`{format}` is no format of an export")).help("csv, json or sql")
    })
}

fn field(column: &Column) -> Field {
    Field {
        name: column.name.as_str().to_owned(),
        quoted: column.name.to_string(),
        json: matches!(
            column.editor,
            Editor::Number | Editor::Boolean | Editor::Json
        ) && !column.type_shown.starts_with("money"),
    }
}

async fn open(
    connection: &mut PgConnection,
    sql: &str,
    arguments: PgArguments,
) -> Result<(), Refusal> {
    connection
        .execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    let declare = format!("DECLARE exported NO SCROLL CURSOR FOR\n{sql}\n");
    sqlx::query_with(AssertSqlSafe(declare), arguments)
        .persistent(false)
        .execute(connection)
        .await?;
    Ok(())
}

fn file(app: &App, session: Apart, writer: Writer, name: &str) -> Response {
    let patience = app.settings.patience;
    let plain: String = name
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() || "-_.".contains(character) {
                character
            } else {
                '_'
            }
        })
        .collect();
    let disposition = format!(
        "attachment; filename=\"{plain}.{}\"",
        writer.format.ending()
    );
    let media_type = writer.format.media_type();
    let (sender, receiver) = mpsc::channel::<Chunk>(4);
    tokio::spawn(async move {
        let mut session = session;
        let sent = send(&mut session, writer, &sender, patience).await;
        // Also where the browser went away: what it has not taken is let go.
        if !matches!(sent, Err(Ended::Database(_))) && session.execute("ROLLBACK").await.is_ok() {
            session.has_ended();
        }
        if let Err(error) = sent {
            tracing::warn!(%error, "an export ended early");
            // The browser must not take what it has for the whole: the connection breaks.
            let broken = std::io::Error::other(error.to_string());
            let _ = sender.try_send(Err(broken));
        }
    });
    let stream = futures_util::stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|chunk| (chunk, receiver))
    });
    let mut response = (StatusCode::OK, Body::from_stream(stream.boxed())).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media_type);
    if let Ok(value) = HeaderValue::try_from(disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("the browser took nothing for {} seconds, or went away", .0.as_secs())]
    Away(Duration),
}

async fn send(
    session: &mut Apart,
    mut writer: Writer,
    sender: &mpsc::Sender<Chunk>,
    patience: Duration,
) -> Result<(), Ended> {
    let fetch = format!("FETCH {FETCHED} FROM exported");
    let mut chunk = writer.begin();
    loop {
        let mut fetched = 0;
        {
            // The simple protocol: every value comes as text.
            let fetch = sqlx::raw_sql(AssertSqlSafe(fetch.clone()));
            let mut rows = session.fetch(fetch);
            while let Some(row) = rows.try_next().await? {
                fetched += 1;
                writer.row(&texts(&row)?, &mut chunk);
                // Some rows are large.
                if chunk.len() >= LARGE {
                    give(&mut chunk, sender, patience).await?;
                }
            }
        }
        let last = fetched < FETCHED;
        if last {
            chunk.push_str(writer.end());
        }
        give(&mut chunk, sender, patience).await?;
        if last {
            return Ok(());
        }
    }
}

fn texts(row: &PgRow) -> Result<Vec<Text>, sqlx::Error> {
    (0..row.len())
        .map(|at| {
            let value = row.try_get_raw(at)?;
            match value.is_null() {
                true => Ok(None),
                false => value
                    .as_str()
                    .map(|text| Some(text.to_owned()))
                    .map_err(sqlx::Error::Decode),
            }
        })
        .collect()
}

/// A cursor holds a snapshot of the database, so nobody may let it wait for long.
async fn give(
    chunk: &mut String,
    sender: &mpsc::Sender<Chunk>,
    patience: Duration,
) -> Result<(), Ended> {
    let ready = Bytes::from(std::mem::take(chunk));
    match tokio::time::timeout(patience, sender.send(Ok(ready))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Ended::Away(patience)),
    }
}
