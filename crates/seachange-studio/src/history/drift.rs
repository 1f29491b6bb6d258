//! How the database differs from what its migrations make.

use axum::Extension;
use axum::extract::{Query, State};
use maud::{Markup, html};

use super::ask::Drift;
use super::difference::{Extent, sides};
use super::list::{history, shown};
use crate::answer::PageRefusal;
use crate::app::Shared;
use crate::guard::Session;

/// The differences that are named in short.
const NAMED: usize = 5;

pub(super) async fn page(
    State(app): State<Shared>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Markup, PageRefusal> {
    let drift = history(&app)?.drift().await?;
    let extent = match pairs.iter().any(|(name, _)| name == "whole") {
        true => Extent::Whole,
        false => Extent::Differences,
    };
    let content = html! {
        div.bar { h1 { a href="/migrations" { "Migrations" } } span.faint { "and the database" } }
        (summary(&drift))
        @if drift.differences > 0 {
            div.ways-both {
                section { h2 { "Takes the database back to " (drift.expected) } pre.sql { (drift.back) } }
                section { h2 { "Belongs into a migration otherwise" } pre.sql { (drift.forth) } }
            }
        }
        @if !drift.ignored.is_empty() {
            h2 { "Overlooked by seachange.toml" }
            ul { @for line in &drift.ignored { li { (line) } } }
        }
        div.bar {
            h2 { "Side by side" }
            @match extent {
                Extent::Whole => { a href="/migrations/drift" { "only what differs" } }
                Extent::Differences => { a href="/migrations/drift?whole=yes" { "the whole schema" } }
            }
        }
        (sides([&drift.expected, "the database"], &drift.expected_sql, &drift.database_sql, extent))
    };
    Ok(shown(&app, &session, "Drift", &content))
}

/// As the list of migrations shows it.
fn summary(drift: &Drift) -> Markup {
    html! {
        div #summary.said.(if drift.differences == 0 { "good" } else { "bad" }) {
            @if drift.differences == 0 {
                p { "The database is in sync with " code { (drift.expected) } "." }
            } @else {
                p {
                    "The database has drifted from " code { (drift.expected) } ": " (drift.differences)
                    @if drift.differences == 1 { " difference. " } @else { " differences. " }
                    a.more href="/migrations/drift" { "Show it" }
                }
                ul { @for step in drift.steps.iter().take(NAMED) { li { code { (step) } } } }
                @if drift.steps.len() > NAMED { p.faint { "and " (drift.steps.len() - NAMED) " more" } }
            }
            @if !drift.ignored.is_empty() {
                p.faint { (drift.ignored.len()) " overlooked by seachange.toml" }
            }
        }
    }
}
