//! Head, navigation and what our modules need to know.

use maud::{DOCTYPE, Markup, html};

use crate::app::App;
use crate::assets;
use crate::guard::Session;
use crate::settings::Access;

/// Which part of the studio a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Tables,
    Console,
    Diagram,
    Migrations,
}

const PARTS: [(Place, &str, &str); 4] = [
    (Place::Tables, "Tables", "/"),
    (Place::Console, "SQL", "/console"),
    (Place::Diagram, "Diagram", "/diagram"),
    (Place::Migrations, "Migrations", "/migrations"),
];

/// A whole page. `module` is the file in `assets` that moves it, beside `studio.js`, which is on every page.
pub(crate) fn shell(
    app: &App,
    session: &Session,
    place: Place,
    title: &str,
    module: Option<&str>,
    content: &Markup,
) -> Markup {
    let access = match app.database.access() {
        Access::ReadOnly => "read-only",
        Access::ReadWrite => "read-write",
    };
    // Without a workspace there is no history to be asked.
    let parts = (PARTS.into_iter())
        .filter(|(part, ..)| *part != Place::Migrations || app.settings.history.is_some());
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="csrf" content=(session.csrf());
                meta name="access" content=(access);
                title { (title) " · " (app.settings.title) }
                link rel="icon" href=(assets::path("icon.svg"));
                link rel="stylesheet" href=(assets::path("studio.css"));
                script type="module" src=(assets::path("studio.js")) {}
                @if let Some(module) = module {
                    script type="module" src=(assets::path(module)) {}
                }
            }
            body {
                a.skip href="#content" { "To the content" }
                header.top {
                    a.brand href="/" {
                        img src=(assets::path("icon.svg")) alt="" width="22" height="22";
                        span { (app.settings.title) }
                    }
                    nav aria-label="Parts of the studio" {
                        @for (part, name, path) in parts {
                            a href=(path) aria-current=[(part == place).then_some("page")] { (name) }
                        }
                    }
                    button.palette type="button" data-palette { "Go to" kbd { "Ctrl K" } }
                    @if app.database.access() == Access::ReadOnly {
                        span.badge title="Nothing can be changed from here" { "read-only" }
                    }
                }
                main #content { (content) }
                div #notices role="status" aria-live="polite" {}
            }
        }
    }
}
