//! What every request has at hand, and which address leads where.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::console::{self, Runs};
use crate::data::Database;
use crate::guard::{self, Guard};
use crate::settings::Settings;
use crate::{assets, diagram, edit, grid, history, page, row, tables, transfer};

/// One running studio.
pub(crate) struct App {
    pub(crate) settings: Settings,
    pub(crate) database: Database,
    pub(crate) guard: Guard,
    pub(crate) runs: Runs,
    /// Held by whoever has a diagram drawn.
    pub(crate) drawing: Arc<tokio::sync::Mutex<()>>,
}

/// As handlers take it.
pub(crate) type Shared = Arc<App>;

pub(crate) fn router(app: Shared) -> Router {
    Router::new()
        .merge(assets::routes())
        .merge(tables::routes())
        .merge(grid::routes())
        .merge(edit::routes())
        .merge(row::routes())
        .merge(console::routes())
        .merge(transfer::routes())
        .merge(diagram::routes())
        .merge(history::routes())
        .fallback(page::not_found)
        .layer(from_fn_with_state(Arc::clone(&app), guard::watch))
        .with_state(app)
}
