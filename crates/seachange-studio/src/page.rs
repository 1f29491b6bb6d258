//! The frame around every page, and what several of them show alike.

mod shell;
mod words;

use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::answer::{PageRefusal, Refusal};
use crate::assets;

pub(crate) use shell::{Place, shell};
pub(crate) use words::{bytes, count, encode, marked, took};

/// A refusal on a page of its own, which needs no session to be shown.
pub(crate) fn refusal(refusal: &Refusal) -> Markup {
    bare(
        "Not here",
        &html! {
            (failure(refusal))
            p { a href="/" { "All tables" } }
        },
    )
}

/// What failed, as a box within a page.
pub(crate) fn failure(refusal: &Refusal) -> Markup {
    let told = refusal.told();
    html! {
        div.failure role="alert" {
            p { (marked(&told.message)) }
            @if let Some(detail) = &told.detail { p { (detail) } }
            @if let Some(help) = &told.help { p.help { "help: " (marked(help)) } }
            @if let Some(code) = &told.sqlstate { p.faint { "SQLSTATE " (code) } }
        }
    }
}

/// What a link leads to: it goes on to the tables by itself.
pub(crate) fn opened() -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="refresh" content="0;url=/";
                link rel="icon" href="data:,";
                title { "Seachange studio" }
            }
            body { p { a href="/" { "Open the studio" } } }
        }
    }
}

pub(crate) async fn not_found() -> Response {
    let status = axum::http::StatusCode::NOT_FOUND;
    PageRefusal(Refusal::new(status, "nothing is at this address")).into_response()
}

fn bare(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Seachange studio" }
                link rel="icon" href=(assets::path("icon.svg"));
                link rel="stylesheet" href=(assets::path("studio.css"));
            }
            body.bare { main.notice { (content) } }
        }
    }
}
