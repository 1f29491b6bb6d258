//! Rows out of the database as a file, and a file's rows into it.

mod export;
mod import;
mod load;
mod preview;
mod write;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::Shared;

/// The bytes of a file that is imported from the browser: it is held in memory.
const LARGEST: usize = 64 << 20;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/table/{schema}/{name}/export/{format}", get(export::table))
        .route("/table/{schema}/{name}/import", get(import::page))
        .route(
            "/api/import/{schema}/{name}/preview",
            post(preview::preview),
        )
        .route("/api/import/{schema}/{name}", post(import::import))
        .route("/api/export", post(export::query))
        .layer(DefaultBodyLimit::max(LARGEST + (1 << 20)))
}
