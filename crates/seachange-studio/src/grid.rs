//! The rows of one table, a page at a time.

mod address;
mod cell;
mod fetch;
mod filter;
mod keyset;
mod view;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};

use crate::answer::{PageRefusal, Refusal};
use crate::app::Shared;
use crate::data::relation;
use crate::guard::Session;
use crate::page::{Place, shell};

pub(crate) use address::Address;
pub(crate) use fetch::selected;
pub(crate) use view::rows_of;

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/table/{schema}/{name}", get(grid))
}

async fn grid(
    State(app): State<Shared>,
    Extension(session): Extension<Session>,
    Path((schema, name)): Path<(String, String)>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, PageRefusal> {
    let mut reading = app.database.read().await?;
    let relation = relation(&mut reading, &schema, &name).await?;
    let address = Address::read(&relation, &pairs)?;
    if address.is_of_a_form(&pairs) {
        return Ok(Redirect::to(&address.here()).into_response());
    }
    let page = fetch::page(&mut reading, &relation, &address).await;
    drop(reading);
    let status = match &page {
        Ok(_) => axum::http::StatusCode::OK,
        Err(refusal) => refusal.status(),
    };
    let content = view::grid(&relation, &address, page, app.database.access());
    let title = relation.name.plain();
    let page = shell(
        &app,
        &session,
        Place::Tables,
        &title,
        Some("grid.js"),
        &content,
    );
    Ok((status, page).into_response())
}

/// A number of rows on a page that nobody needs: every one of them is held in memory.
fn too_many(size: &str) -> Refusal {
    Refusal::bad(format!("`{size}` is no size of a page"))
        .help("25, 50, 100 or 200 rows; an export has all of them")
}
