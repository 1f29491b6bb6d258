//! Applying what is pending: shown first, with what it risks; then done by the migration program, whose lines appear as
//! they come. A browser that goes away ends nothing.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use maud::{Markup, html};
use seachange::runner::{Standing, State as Stands};
use serde::Serialize;
use tokio::sync::mpsc;

use super::ask::{Apply, Ended, History, Meeting, Overview, Shown};
use super::list::{history, problems, shown};
use super::migration::{steps_shown, warnings_shown};
use super::outline::{Risk, Step, outline};
use super::path;
use crate::answer::{PageRefusal, Refusal};
use crate::app::{App, Shared};
use crate::guard::Session;
use crate::page::marked;
use crate::settings::Access;

pub(super) async fn page(
    State(app): State<Shared>,
    Extension(session): Extension<Session>,
) -> Result<Markup, PageRefusal> {
    writes(&app)?;
    let overview = history(&app)?.overview().await?;
    let pending: Vec<&Standing> = (overview.status.migrations.iter())
        .filter(|one| one.state == Stands::Pending)
        .collect();
    let mut sections = Vec::new();
    for standing in &pending {
        sections.push(one(history(&app)?, &overview, standing).await?);
    }
    let content = html! {
        div.bar { h1 { "Apply what is pending" } a href="/migrations" { "All migrations" } }
        p { "The database: " strong { (overview.target) } }
        (problems(&overview.folder))
        @if pending.is_empty() {
            p.empty { "Nothing is pending." }
        } @else {
            form #apply {
                @for section in sections { (section) }
                div #refused {}
                div.bar {
                    button.main { "Apply" }
                    button.danger type="button" name="cancel" disabled { "Cancel" }
                }
            }
            pre #run hidden role="log" aria-label="What the run says" {}
            p #ended role="status" {}
        }
    };
    Ok(shown(&app, &session, "Apply", &content))
}

/// One that is pending. What loses rows has a box for each loss.
async fn one(
    history: &History,
    overview: &Overview,
    standing: &Standing,
) -> Result<Markup, Refusal> {
    let Some(migration) = overview.folder.migration(&standing.version) else {
        let message = format!("`{}` has no files here", standing.version);
        return Err(Refusal::conflict(message));
    };
    let steps = outline(migration.up_sql.as_deref().unwrap_or_default());
    // What its head does not say is found out.
    let meeting = match steps.is_empty() {
        true => Some(history.meeting(standing.version.clone()).await?),
        false => None,
    };
    let shown = Shown {
        version: standing.version.clone(),
        hash: migration.hash.clone(),
        contract: standing.contract,
    };
    Ok(html! {
        section.pending data-shown=(serde_json::json!(shown)) {
            div.bar {
                @if standing.contract {
                    label { input type="checkbox" name="contract"; " " strong { (standing.version) } }
                    span.state.warn { "held back until no code needs what it takes away" }
                } @else {
                    strong { a href=(path(&standing.version)) { (standing.version) } }
                }
                @if let Some(about) = &migration.about { span.faint { (about) } }
            }
            @for note in standing.notes() { div.note { (marked(&note)) } }
            (steps_shown(&steps))
            @if let Some(meeting) = &meeting { (warnings_shown(meeting)) }
            details { summary { "SQL" } pre.sql { (migration.up_sql.as_deref().unwrap_or("a program in Rust")) } }
            @for loss in losses(&steps, meeting.as_ref()) {
                label.consent { input type="checkbox" name="loss" required; " Lose it: " (marked(&loss)) }
            }
        }
    })
}

/// What has to be consented to.
fn losses(steps: &[Step<'_>], meeting: Option<&Meeting>) -> Vec<String> {
    let planned = steps.iter().filter(|step| step.risk == Risk::DataLoss);
    let found = meeting.map(|it| it.warnings.as_slice()).unwrap_or_default();
    let found = found.iter().filter(|warning| warning.loses);
    planned
        .map(|step| format!("`{}`", step.change))
        .chain(found.map(|warning| format!("line {}: {}", warning.line, warning.words)))
        .collect()
}

fn writes(app: &App) -> Result<(), Refusal> {
    match app.database.access() {
        Access::ReadWrite => Ok(()),
        Access::ReadOnly => Err(
            Refusal::new(StatusCode::FORBIDDEN, "this studio only reads")
                .help("start it with `--read-only=false` to apply migrations"),
        ),
    }
}

/// A line of the answer.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Said {
    Line(String),
    Ended(Ended),
    Refused(Refusal),
}

/// Answers with a JSON value a line: what the run says as it goes on, and last how it ended.
pub(super) async fn run(
    State(app): State<Shared>,
    Json(apply): Json<Apply>,
) -> Result<Response, Refusal> {
    writes(&app)?;
    let history = history(&app)?.clone();
    let (lines, mut told) = mpsc::unbounded_channel();
    let (sender, receiver) = mpsc::unbounded_channel::<Said>();
    tokio::spawn(async move {
        let run = history.apply(apply, lines);
        let tell = async {
            while let Some(line) = told.recv().await {
                // Whoever reads may have gone; the run goes on.
                let _ = sender.send(Said::Line(line));
            }
        };
        let (ended, ()) = tokio::join!(run, tell);
        let last = ended.map_or_else(Said::Refused, Said::Ended);
        let _ = sender.send(last);
    });
    let stream = futures_util::stream::unfold(receiver, |mut receiver| async {
        let said = receiver.recv().await?;
        let mut line = serde_json::json!(said).to_string();
        line.push('\n');
        Some((Ok::<_, Infallible>(Bytes::from(line)), receiver))
    });
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((kind, Body::from_stream(stream)).into_response())
}

#[derive(Serialize)]
pub(super) struct Cancelled {
    cancelled: bool,
}

pub(super) async fn cancel(State(app): State<Shared>) -> Result<Json<Cancelled>, Refusal> {
    let cancelled = history(&app)?.cancel().await?;
    Ok(Json(Cancelled { cancelled }))
}
