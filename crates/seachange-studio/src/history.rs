//! The history of migrations in the browser: where each stands, what it does and did, what the database has besides,
//! and applying what is pending. The command that started the studio has the workspace; it is asked over a channel.

mod apply;
mod ask;
mod difference;
mod drift;
mod list;
mod migration;
mod outline;

use axum::Router;
use axum::routing::{get, post};

use crate::app::Shared;

pub use ask::{
    Apply, Drift, Ended, History, Lines, Meeting, Overview, Question, Questions, Refused, Reply,
    Shown, Warning, channel,
};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/migrations", get(list::page))
        .route("/migrations/drift", get(drift::page))
        .route("/migrations/apply", get(apply::page))
        .route("/migrations/of/{version}", get(migration::page))
        .route("/migrations/of/{version}/schema", get(migration::schema))
        .route("/api/migrations/apply", post(apply::run))
        .route("/api/migrations/cancel", post(apply::cancel))
}

/// Where one migration is shown.
fn path(version: &str) -> String {
    format!("/migrations/of/{}", crate::page::encode(version))
}
