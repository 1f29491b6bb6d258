//! The diagram's page, and the files that it can be taken away as.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use maud::{Markup, PreEscaped, html};
use seachange_schema::Name;
use seachange_schema::name::DEFAULT_SCHEMA;
use sha2::{Digest as _, Sha256};
use sqlx::Executor as _;

use super::{Diagram, Use, diagram, dot, draw, mermaid, svg};
use crate::answer::{PageRefusal, Refusal};
use crate::app::{App, Shared};
use crate::data::missing;
use crate::guard::Session;
use crate::page::{Place, encode, shell};

/// With more tables, the page begins with one of them and what it is joined with.
const WHOLE: usize = 50;
const DEEPEST: usize = 5;

pub(crate) fn routes() -> Router<Shared> {
    let mut routes = Router::new().route("/diagram", get(page));
    for file in File::ALL {
        let answer = move |app: State<Shared>, pairs: Query<_>| file.answer(app, pairs);
        routes = routes.route(file.path(), get(answer));
    }
    routes
}

/// Where a table and what it is joined with are drawn.
pub(crate) fn neighbourhood(name: &Name) -> String {
    let asked = Asked {
        table: Some(written(name)),
        ..Asked::default()
    };
    asked.path("/diagram")
}

/// What the address says.
#[derive(Clone, Debug, Default)]
struct Asked {
    /// `schema.name`, or a name in `public`; without it, the whole schema.
    table: Option<String>,
    depth: Option<usize>,
    columns: Columns,
    /// The whole, however large.
    whole: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Columns {
    #[default]
    All,
    Keys,
}

/// What a diagram can be taken away as.
#[derive(Clone, Copy)]
enum File {
    Svg,
    Mermaid,
    Dot,
}

impl Asked {
    fn read(pairs: &[(String, String)]) -> Result<Self, Refusal> {
        let mut asked = Self::default();
        for (name, value) in pairs {
            match (name.as_str(), value.as_str()) {
                ("table", table) => asked.table = Some(table.to_owned()),
                ("depth", depth) => {
                    let read = depth.parse().ok().filter(|depth| *depth <= DEEPEST);
                    let refused = || Refusal::bad(format!("`{depth}` is no depth: 0 to {DEEPEST}"));
                    asked.depth = Some(read.ok_or_else(refused)?);
                }
                ("columns", "keys") => asked.columns = Columns::Keys,
                ("whole", _) => asked.whole = true,
                _ => {}
            }
        }
        Ok(asked)
    }

    fn path(&self, page: &str) -> String {
        let mut query = Vec::new();
        if let Some(table) = &self.table {
            query.push(format!("table={}", encode(table)));
            query.extend(self.depth.map(|depth| format!("depth={depth}")));
        }
        if self.columns == Columns::Keys {
            query.push("columns=keys".to_owned());
        }
        if self.whole {
            query.push("whole=yes".to_owned());
        }
        match query.is_empty() {
            true => page.to_owned(),
            false => format!("{page}?{}", query.join("&")),
        }
    }

    /// The same with something else.
    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut asked = self.clone();
        change(&mut asked);
        asked
    }

    fn depth(&self) -> usize {
        self.depth.unwrap_or(1)
    }

    fn of(&self, all: &Diagram) -> Result<Diagram, Refusal> {
        let part = match &self.table {
            Some(asked) => {
                let place = find(all, asked).ok_or_else(|| {
                    let (schema, name) = asked.split_once('.').unwrap_or((DEFAULT_SCHEMA, asked));
                    missing(schema, name)
                })?;
                all.around(place, self.depth())
            }
            None => all.clone(),
        };
        Ok(match self.columns {
            Columns::Keys => part.keys_only(),
            Columns::All => part,
        })
    }

    /// For a file's name.
    fn stem(&self) -> String {
        let name = self.table.as_deref().unwrap_or("schema");
        let is_plain = |it: &char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.');
        let plain: String = name.chars().filter(is_plain).collect();
        match plain.trim_matches('.') {
            "" => "schema".to_owned(),
            plain => plain.to_owned(),
        }
    }
}

fn written(name: &Name) -> String {
    format!("{}.{}", name.schema.as_str(), name.name.as_str())
}

/// Names may have dots in them, so what is asked for is compared with those that there are.
fn find(all: &Diagram, asked: &str) -> Option<usize> {
    let full = all.tables.iter().position(|it| written(&it.name) == asked);
    full.or_else(|| all.place(&Name::public(asked)))
}

async fn read(app: &Shared) -> Result<Diagram, Refusal> {
    let mut reading = app.database.read().await?;
    // What the catalog writes out leaves this schema's name away, as everywhere else.
    reading.execute("SET LOCAL search_path = public").await?;
    let schema = seachange::catalog::read_within(&mut reading).await;
    let schema = schema.map_err(|error| {
        let status = axum::http::StatusCode::SERVICE_UNAVAILABLE;
        Refusal::new(status, format!("the catalog cannot be read: {error}"))
    })?;
    Ok(diagram(&schema))
}

/// Draws beside what else is served.
async fn drawn(app: &App, part: Diagram, purpose: Use) -> Result<String, Refusal> {
    // One at a time: drawing takes a core, and can't be cancelled. Who goes away while waiting leaves the queue.
    let place = Arc::clone(&app.drawing).lock_owned().await;
    let drawing = tokio::task::spawn_blocking(move || {
        let drawn = svg(&part, &draw(&part), purpose);
        drop(place);
        drawn
    });
    drawing.await.map_err(|_| {
        let status = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
        Refusal::new(status, "the diagram could not be drawn")
            .help("take it away as Mermaid or DOT, which need no places")
    })
}

async fn page(
    State(app): State<Shared>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Markup, PageRefusal> {
    let mut asked = Asked::read(&pairs)?;
    let all = read(&app).await?;
    let too_large = asked.table.is_none() && !asked.whole && all.tables.len() > WHOLE;
    if too_large {
        asked.table = all.busiest().map(written);
    }
    let part = asked.of(&all)?;
    let shown = (part.tables.len(), part.edges.len());
    // Places that were chosen by hand are forgotten when what they were chosen for has changed.
    let told = format!("{} {} {part:?}", app.settings.title, asked.path(""));
    let digest = Sha256::digest(told.as_bytes());
    let store: String = digest[..8].iter().map(|it| format!("{it:02x}")).collect();
    let chosen = asked.table.as_ref().and_then(|it| find(&part, it));
    let chosen = chosen.map(|at| part.tables[at].name.plain());
    let drawing = drawn(&app, part, Use::Page).await?;
    let content = html! {
        (head(&asked, &all, shown))
        @if too_large {
            p.comment {
                "This schema has " (all.tables.len()) " tables: here is the one that most are joined with. "
                a href=(Asked { whole: true, ..Asked::default() }.path("/diagram")) { "Draw all of them" }
                " or search for another."
            }
        }
        @if all.tables.is_empty() {
            p.empty { "This database has no table yet." }
        } @else {
            div.drawing data-store=(store) data-chosen=[chosen.as_deref()] {
                (PreEscaped(drawing))
                div.zoom {
                    button type="button" data-zoom="in" aria-label="Larger" title="Larger (+)" { "+" }
                    button type="button" data-zoom="out" aria-label="Smaller" title="Smaller (-)" { "−" }
                    button type="button" data-zoom="fit" title="All of it (0)" { "Fit" }
                    button type="button" data-zoom="reset" title="Every table back to its place" { "Reset" }
                }
            }
            (legend())
        }
    };
    let module = Some("diagram.js");
    let place = Place::Diagram;
    Ok(shell(&app, &session, place, "Diagram", module, &content))
}

fn head(asked: &Asked, all: &Diagram, (tables, edges): (usize, usize)) -> Markup {
    let whole = asked.with(|it| (it.table, it.depth) = (None, None));
    html! {
        div.bar {
            h1 { "Diagram" }
            @if let Some(table) = &asked.table {
                a.chip href=(whole.path("/diagram")) title="The whole schema" {
                    (table.strip_prefix("public.").unwrap_or(table)) " ✕"
                }
                span.steps {
                    "to a depth of "
                    @for depth in 1..=3 {
                        a href=(asked.with(|it| it.depth = Some(depth)).path("/diagram"))
                            aria-current=[(depth == asked.depth()).then_some("true")] { (depth) }
                    }
                }
            }
            span.faint { (tables) " tables, " (edges) " foreign keys" }
            input type="search" list="drawn" data-focus placeholder="Find a table" aria-label="Find a table" autocomplete="off";
            datalist #drawn {
                @for table in &all.tables {
                    option value=(table.name.plain()) data-path=(neighbourhood(&table.name)) {}
                }
            }
        }
        div.ways {
            @if asked.columns == Columns::Keys {
                a href=(asked.with(|it| it.columns = Columns::All).path("/diagram")) { "All columns" }
            } @else {
                a href=(asked.with(|it| it.columns = Columns::Keys).path("/diagram")) { "Keys only" }
            }
            span.faint { "Export" }
            @for file in File::ALL {
                a href=(asked.path(file.path())) download { (file.title()) }
            }
        }
    }
}

fn legend() -> Markup {
    html! {
        details.legend {
            summary { "How to read and move it" }
            p {
                "At the end of a line: a crow's foot with a ring is any number of rows, a ring and a bar none or one, two bars exactly one. "
                span.key { "PK" } " is the primary key, FK a foreign key, UK unique; a type with ? can be NULL."
            }
            p {
                "Drag the ground to move all, a table to move it alone (a finger has to hold it first); the wheel or two fingers make it larger. By keys: "
                kbd { "+" } kbd { "-" } kbd { "0" } " for the size, arrows to move, Tab from table to table, Shift and an arrow to move the table, "
                "Enter for its rows, F for what it is joined with."
            }
        }
    }
}

impl File {
    const ALL: [Self; 3] = [Self::Svg, Self::Mermaid, Self::Dot];

    fn path(self) -> &'static str {
        match self {
            Self::Svg => "/diagram.svg",
            Self::Mermaid => "/diagram.mmd",
            Self::Dot => "/diagram.dot",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Svg => "SVG",
            Self::Mermaid => "Mermaid",
            Self::Dot => "DOT",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Mermaid => "text/plain; charset=utf-8",
            Self::Dot => "text/vnd.graphviz; charset=utf-8",
        }
    }

    async fn answer(
        self,
        State(app): State<Shared>,
        Query(pairs): Query<Vec<(String, String)>>,
    ) -> Result<Response, PageRefusal> {
        let asked = Asked::read(&pairs)?;
        let part = asked.of(&read(&app).await?)?;
        let text = match self {
            Self::Svg => drawn(&app, part, Use::File).await?,
            Self::Mermaid => mermaid(&part),
            Self::Dot => dot(&part),
        };
        let ending = self.path().trim_start_matches("/diagram.");
        let name = format!("attachment; filename=\"{}.{ending}\"", asked.stem());
        let headers = [
            (header::CONTENT_TYPE, self.media_type().to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ];
        Ok((headers, text).into_response())
    }
}
