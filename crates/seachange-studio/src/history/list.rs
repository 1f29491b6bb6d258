//! All migrations, the newest first, and how the database differs from them in short.

use axum::Extension;
use axum::extract::State;
use maud::{Markup, html};
use seachange::Help as _;
use seachange::migrations::Folder;
use seachange::runner::{Standing, State as Stands};

use super::ask::{History, Overview};
use super::path;
use crate::answer::{PageRefusal, Refusal};
use crate::app::{App, Shared};
use crate::guard::Session;
use crate::page::{Place, marked, shell, took};
use crate::settings::Access;

pub(super) async fn page(
    State(app): State<Shared>,
    Extension(session): Extension<Session>,
) -> Result<Markup, PageRefusal> {
    let overview = history(&app)?.overview().await?;
    let status = &overview.status;
    let content = html! {
        div.bar {
            h1 { "Migrations" }
            span.faint { (status.applied()) " applied, " (status.pending()) " pending" }
            @if can_apply(&app, &overview) {
                a.button.main href="/migrations/apply" { "Review and apply" }
            }
        }
        (problems(&overview.folder))
        section data-load="/migrations/drift" data-part="#summary" {
            a href="/migrations/drift" { "Compare the database with its migrations" }
        }
        @if status.migrations.is_empty() {
            p.empty { "There is no migration yet: " code { "cargo xtask db generate" } " writes one." }
        } @else {
            (table(&overview))
        }
        @for version in &status.kept {
            p.faint { "another history's, passed over: " (version) }
        }
    };
    Ok(shown(&app, &session, "Migrations", &content))
}

/// Whom to ask.
pub(super) fn history(app: &App) -> Result<&History, Refusal> {
    app.settings.history.as_ref().ok_or_else(|| {
        Refusal::unavailable(
            "this studio was started without a workspace, whose migrations it could show",
        )
    })
}

/// A page of this part.
pub(super) fn shown(app: &App, session: &Session, title: &str, content: &Markup) -> Markup {
    let module = Some("migrations.js");
    shell(app, session, Place::Migrations, title, module, content)
}

fn can_apply(app: &App, overview: &Overview) -> bool {
    app.database.access() == Access::ReadWrite && overview.status.pending() > 0
}

/// What is wrong with the folder.
pub(super) fn problems(folder: &Folder) -> Markup {
    html! {
        @for problem in folder.problems() {
            div.failure role="alert" {
                p { (marked(&problem.to_string())) }
                @if let Some(help) = problem.help() { p.help { "help: " (marked(&help)) } }
            }
        }
    }
}

fn table(overview: &Overview) -> Markup {
    html! {
        div.scroll {
            table #migrations.list {
                thead { tr { th { "Migration" } th { "State" } th.aside { "Applied" } th.number.aside { "Took" } th.aside { "By" } } }
                tbody { @for standing in overview.status.migrations.iter().rev() { (row(overview, standing)) } }
            }
        }
    }
}

fn row(overview: &Overview, standing: &Standing) -> Markup {
    let migration = overview.folder.migration(&standing.version);
    html! {
        tr {
            td {
                a href=(path(&standing.version)) { (standing.version) }
                @if let Some(about) = migration.and_then(|it| it.about.as_ref()) { " " span.faint { (about) } }
                @for note in standing.notes() { div.note { (marked(&note)) } }
            }
            td { (state(standing)) }
            td.aside { @if let Some(at) = standing.applied_at { (at.format("%Y-%m-%d %H:%M:%S UTC")) } }
            td.number.aside { @if let Some(milliseconds) = standing.duration_ms { (took(milliseconds)) } }
            td.aside { (standing.executed_by.as_deref().unwrap_or_default()) }
        }
    }
}

/// A word and its colour: what needs somebody's eye is told apart from what is merely pending.
pub(super) fn state(standing: &Standing) -> Markup {
    let (word, class) = match standing.state {
        _ if standing.edited => ("edited", "bad"),
        _ if standing.halfway.is_some() => ("half-way", "bad"),
        Stands::Pending if standing.failure.is_some() => ("failed", "bad"),
        Stands::Pending if standing.contract => ("held back", "warn"),
        Stands::Missing => ("missing", "bad"),
        Stands::Applied => ("applied", "good"),
        Stands::Pending => ("pending", "warn"),
    };
    html! { span.state.(class) { (word) } }
}
