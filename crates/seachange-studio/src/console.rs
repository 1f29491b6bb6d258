//! The SQL console: several statements, limits on rows and time, cancelling, plans. It reads unless it is switched.

mod cursor;
mod direct;
mod outcome;
mod runs;

use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use maud::{Markup, html};
use seachange::connection::{Statement, StatementKind, statements};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use crate::answer::Refusal;
use crate::app::Shared;
use crate::data::Database;
use crate::guard::Session;
use crate::page::{Place, shell};
use crate::settings::Access;
use outcome::{Outcome, Room};

pub(crate) use runs::Runs;
use runs::{Found, Left};

const ROWS: usize = 10_000;
const SECONDS: u64 = 600;
const STATEMENTS: usize = 200;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/console", get(page))
        .route("/api/console", post(run))
        .route("/api/console/cancel", post(cancel))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Chosen by the page, to cancel it by.
    id: String,
    sql: String,
    /// The rows that are shown of each result.
    rows: usize,
    /// The seconds that each statement may take.
    seconds: u64,
    mode: Mode,
}

/// What is done with the statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    /// In one read-only transaction, of one snapshot.
    Read,
    /// As psql would: each by itself, unless the text begins a transaction.
    Write,
    /// Their plans; nothing runs.
    Explain,
    /// Their plans and what they took; they run, and are rolled back.
    Analyze,
}

#[derive(Serialize)]
struct Answered {
    results: Vec<Outcome>,
    /// Why it ended before its end; what came before stands in `results`.
    failed: Option<Failed>,
    milliseconds: u128,
    /// What there is to know of the transaction at the end.
    note: Option<&'static str>,
}

#[derive(Serialize)]
struct Failed {
    /// The statement that failed, from 0.
    statement: usize,
    /// The line of the text that it begins at.
    line: u32,
    /// Of the failure within the text, in characters from 0.
    at: Option<usize>,
    #[serde(flatten)]
    refusal: Refusal,
}

async fn page(State(app): State<Shared>, Extension(session): Extension<Session>) -> Markup {
    let writes = app.database.access() == Access::ReadWrite;
    let content = html! {
        div.bar { h1 { "SQL" } span.faint { "Ctrl Enter runs it" } }
        form.console #console {
            textarea name="sql" rows="9" spellcheck="false" autofocus aria-label="SQL" placeholder="SELECT …" {}
            div.bar {
                button.main { "Run" }
                button type="button" name="explain" { "Explain" }
                button type="button" name="analyze" title="It runs, and is rolled back" { "Explain analyze" }
                button.danger type="button" name="cancel" disabled { "Cancel" }
                label { "rows " select name="rows" { @for rows in ["100", "1000", "10000"] { option { (rows) } } } }
                label { "seconds " select name="seconds" { @for seconds in ["15", "60", "600"] { option { (seconds) } } } }
                @if writes { label { input type="checkbox" name="write"; " may write" } }
                @else { span.faint { "read-only" } }
                details.menu { summary { "History" } div #history {} }
            }
        }
        div #results {}
    };
    shell(
        &app,
        &session,
        Place::Console,
        "SQL",
        Some("console.js"),
        &content,
    )
}

async fn run(
    State(app): State<Shared>,
    Json(asked): Json<Asked>,
) -> Result<Json<Answered>, Refusal> {
    let all = statements(&asked.sql);
    check(&asked, &all, app.database.access())?;
    let place = app.runs.enter(&asked.id).await?;
    let begun = Instant::now();
    let mut connection = app.database.apart().await?;
    place.works_on(&mut connection).await?;
    let mut answered = Answered {
        results: Vec::new(),
        failed: None,
        milliseconds: 0,
        note: None,
    };
    let timeout = Duration::from_secs(asked.seconds).as_millis();
    let prepare = match asked.mode {
        Mode::Write => "SELECT 1",
        Mode::Analyze => "BEGIN",
        // Once it has a snapshot a transaction can't be turned into one that writes.
        Mode::Read | Mode::Explain => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1",
    };
    let prepare = format!("SET statement_timeout = {timeout}; {prepare}");
    connection.execute(AssertSqlSafe(prepare)).await?;
    let mut room = Room::new(asked.rows);
    for (number, statement) in all.iter().enumerate() {
        match one(&mut connection, statement, asked.mode, &mut room).await {
            Ok(outcome) => answered.results.push(outcome),
            Err(refusal) => {
                answered.failed = Some(failed(&asked, number, statement, refusal));
                break;
            }
        }
    }
    answered.note = ended(&mut connection, asked.mode).await;
    if place.leave() == Left::ByItself {
        connection.has_ended();
    }
    answered.milliseconds = begun.elapsed().as_millis();
    Ok(Json(answered))
}

fn check(asked: &Asked, all: &[Statement<'_>], access: Access) -> Result<(), Refusal> {
    if !(1..=ROWS).contains(&asked.rows) || !(1..=SECONDS).contains(&asked.seconds) {
        return Err(Refusal::bad(format!(
            "a result has 1 to {ROWS} rows here, and {SECONDS} seconds at most"
        ))
        .help("an export has all rows"));
    }
    if all.is_empty() {
        return Err(Refusal::bad("there is no statement in it"));
    }
    if all.len() > STATEMENTS {
        return Err(Refusal::bad(format!(
            "{} statements are more than {STATEMENTS}",
            all.len()
        ))
        .help("`cargo xtask db psql -- -f FILE` runs a file"));
    }
    if asked.mode == Mode::Write && access == Access::ReadOnly {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "this studio only reads",
        ));
    }
    for statement in all {
        let refused = match statement.kind {
            StatementKind::PsqlCommand | StatementKind::Restrict => Some((
                "backslash commands are psql's",
                "`cargo xtask db psql` opens it",
            )),
            StatementKind::CopyData => Some((
                "COPY from or to the client is not run here",
                "export and import are on the table's page",
            )),
            StatementKind::Transaction if asked.mode != Mode::Write => Some((
                "a text that only reads runs in one transaction, which it can't end",
                "leave it out, or let it write",
            )),
            _ => None,
        };
        if let Some((message, help)) = refused {
            return Err(Refusal::bad(format!("line {}: {message}", statement.line)).help(help));
        }
    }
    Ok(())
}

async fn one(
    connection: &mut PgConnection,
    statement: &Statement<'_>,
    mode: Mode,
    room: &mut Room,
) -> Result<Outcome, Refusal> {
    let begun = Instant::now();
    let given = match mode {
        Mode::Read if cursor::takes(statement.text) => {
            cursor::read(connection, statement.text, room).await?
        }
        Mode::Read | Mode::Write => direct::run(connection, statement.text, room).await?,
        Mode::Explain => {
            let sql = format!("EXPLAIN (VERBOSE false) {}", statement.text);
            direct::run(connection, &sql, room).await?
        }
        Mode::Analyze => {
            let sql = format!("EXPLAIN (ANALYZE, BUFFERS) {}", statement.text);
            direct::run(connection, &sql, room).await?
        }
    };
    let types = outcome::type_names(connection, &given).await;
    Ok(Outcome::new(statement, given, types, begun.elapsed()))
}

fn failed(asked: &Asked, number: usize, statement: &Statement<'_>, refusal: Refusal) -> Failed {
    // An explained statement has words before it, and a cursor's as well.
    let before = asked.sql[..statement.offset].chars().count();
    let at = refusal
        .told()
        .position
        .filter(|_| asked.mode == Mode::Write)
        .map(|position| before + position.saturating_sub(1));
    Failed {
        statement: number,
        line: statement.line,
        at,
        refusal,
    }
}

/// What a text begins and does not end is rolled back, and that is said.
async fn ended(connection: &mut PgConnection, mode: Mode) -> Option<&'static str> {
    let open = mode == Mode::Write && Database::is_in_transaction(connection).await;
    if connection.execute("ROLLBACK").await.is_err() {
        tracing::debug!("a run's connection was gone at its end");
    }
    match (mode, open) {
        (Mode::Write, true) => {
            Some("the text began a transaction and did not end it: it was rolled back")
        }
        (Mode::Analyze, _) => Some("everything that ran was rolled back"),
        _ => None,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    id: String,
}

#[derive(Serialize)]
struct Cancelled {
    cancelled: bool,
}

async fn cancel(
    State(app): State<Shared>,
    Json(which): Json<Which>,
) -> Result<Json<Cancelled>, Refusal> {
    let cancelled = match app.runs.cancel(&which.id) {
        Found::Process(pid) => app.database.cancel(pid).await?,
        Found::Waiting => true,
        Found::Nothing => false,
    };
    Ok(Json(Cancelled { cancelled }))
}
