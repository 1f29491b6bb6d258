//! One migration: where it stands, what it says and risks, its SQL both ways, the schema before and after.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use maud::{Markup, html};
use seachange::migrations::{Kind, Migration};
use seachange::runner::Standing;

use super::ask::{Meeting, Overview};
use super::difference::{Extent, sides};
use super::list::{history, shown, state};
use super::outline::{Step, outline};
use super::path;
use crate::answer::{PageRefusal, Refusal};
use crate::app::Shared;
use crate::guard::Session;
use crate::page::{marked, took};

pub(super) async fn page(
    State(app): State<Shared>,
    Extension(session): Extension<Session>,
    Path(version): Path<String>,
) -> Result<Markup, PageRefusal> {
    let overview = history(&app)?.overview().await?;
    let standing = standing(&overview, &version)?;
    let migration = overview.folder.migration(&version);
    let content = html! {
        div.bar {
            h1 { (version) }
            (state(standing))
            @if let Some(about) = migration.and_then(|it| it.about.as_ref()) { span.faint { (about) } }
            (neighbours(&overview, &version))
        }
        (facts(standing, migration))
        @if let Some(migration) = migration {
            (risks(migration))
            (sql(migration).await?)
            section data-load=(format!("{}/schema", path(&version))) {
                a href=(format!("{}/schema", path(&version))) { "The schema before and after it" }
            }
        }
    };
    Ok(shown(&app, &session, &version, &content))
}

/// The schema before and after, which may take a scratch database to know.
pub(super) async fn schema(
    State(app): State<Shared>,
    Extension(session): Extension<Session>,
    Path(version): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Markup, PageRefusal> {
    let meeting = history(&app)?.meeting(version.clone()).await?;
    let (extent, other, words) = match pairs.iter().any(|(name, _)| name == "whole") {
        true => (Extent::Whole, "schema", "only what differs"),
        false => (Extent::Differences, "schema?whole=yes", "the whole schema"),
    };
    let content = html! {
        div.bar { h1 { a href=(path(&version)) { (version) } } }
        section #part {
            @if !meeting.warnings.is_empty() {
                h2 { "What to know of its statements" }
                (warnings_shown(&meeting))
            }
            div.bar {
                h2 { "The schema before and after" }
                a href=(format!("{}/{other}", path(&version))) { (words) }
            }
            (sides(["before", "after"], &meeting.before, &meeting.after, extent))
        }
    };
    Ok(shown(&app, &session, &version, &content))
}

pub(super) fn warnings_shown(meeting: &Meeting) -> Markup {
    html! {
        ul.risks {
            @for warning in &meeting.warnings {
                li { span.faint { "line " (warning.line) } " " (marked(&warning.words)) }
            }
        }
    }
}

fn standing<'a>(overview: &'a Overview, version: &str) -> Result<&'a Standing, Refusal> {
    let found = (overview.status.migrations.iter()).find(|one| one.version == version);
    found.ok_or_else(|| {
        let message = format!("there is no migration `{version}`");
        Refusal::new(StatusCode::NOT_FOUND, message).help("look at the list of migrations")
    })
}

fn neighbours(overview: &Overview, version: &str) -> Markup {
    let all = &overview.status.migrations;
    let at = all.iter().position(|one| one.version == version);
    let before = at.and_then(|at| all.get(at.checked_sub(1)?));
    let after = at.and_then(|at| all.get(at + 1));
    html! {
        nav.ways aria-label="Other migrations" {
            @if let Some(one) = before { a rel="prev" href=(path(&one.version)) { "‹ before" } }
            @if let Some(one) = after { a rel="next" href=(path(&one.version)) { "after ›" } }
        }
    }
}

fn facts(standing: &Standing, migration: Option<&Migration>) -> Markup {
    let mut facts: Vec<(&str, String)> = Vec::new();
    if let Some(at) = standing.applied_at {
        facts.push(("applied", at.format("%Y-%m-%d %H:%M:%S UTC").to_string()));
    }
    facts.extend(standing.duration_ms.map(|it| ("took", took(it))));
    facts.extend(standing.executed_by.clone().map(|it| ("by", it)));
    if let Some(migration) = migration {
        let runs = match (migration.kind, migration.transaction) {
            (Kind::Rust, _) => "a program in Rust",
            (Kind::Sql, true) => "in one transaction",
            (Kind::Sql, false) => "statement by statement, outside a transaction",
        };
        facts.push(("runs", runs.to_owned()));
    }
    facts.extend(standing.notes().into_iter().map(|note| ("note", note)));
    let error = standing.failure.as_ref().and_then(|it| it.error.as_ref());
    html! {
        dl.facts { @for (name, fact) in facts { dt { (name) } dd { (marked(&fact)) } } }
        @if let Some(error) = error { pre.bad { (error) } }
    }
}

/// What its head says; what was written by hand has none, and is read with the schema.
fn risks(migration: &Migration) -> Markup {
    let steps = outline(migration.up_sql.as_deref().unwrap_or_default());
    html! {
        @if !steps.is_empty() {
            h2 { "What it does, and risks" }
            (steps_shown(&steps))
        }
    }
}

pub(super) fn steps_shown(steps: &[Step<'_>]) -> Markup {
    html! {
        ul.risks {
            @for step in steps {
                li {
                    code { (step.change) } " " span.risk.(step.risk.class()) { (step.risk.word()) }
                    @for note in &step.notes { div.note { (marked(note)) } }
                }
            }
        }
    }
}

async fn sql(migration: &Migration) -> Result<Markup, Refusal> {
    let rust = match migration.kind {
        Kind::Sql => None,
        Kind::Rust => Some(read(migration).await?),
    };
    Ok(html! {
        div.ways-both {
            @for (title, text) in [("up.sql", &migration.up_sql), ("down.sql", &migration.down_sql)] {
                @if let Some(text) = text {
                    section { h2 { (title) } pre.sql { (text) } }
                }
            }
            @if let Some(text) = rust { section { h2 { (migration.version) ".rs" } pre.sql { (text) } } }
        }
    })
}

async fn read(migration: &Migration) -> Result<String, Refusal> {
    let text = tokio::fs::read_to_string(&migration.rust).await;
    text.map_err(|error| {
        let path = migration.rust.display();
        Refusal::unavailable(format!("cannot read `{path}`: {error}"))
    })
}
