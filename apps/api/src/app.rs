//! What every handler has at hand, and the router that leads to them.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use sea_orm::DatabaseConnection;
use utoipa_axum::router::OpenApiRouter;

use crate::audited::Database;
use crate::health::Probe;
use crate::identity::Tokens;
use crate::problem::{Code, Problem};
use crate::{
    Settings, applications, audit, comments, export, files, health, layers, openapi, programs,
    reviews, users,
};

/// The API's own state, shared by all requests.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    database: Database,
    tokens: Tokens,
    probe: Probe,
    settings: Settings,
}

impl App {
    pub fn new(settings: Settings, pool: DatabaseConnection) -> Self {
        Self(Arc::new(Inner {
            probe: Probe::new(pool.clone()),
            database: Database::new(pool),
            tokens: Tokens::new(&settings),
            settings,
        }))
    }

    pub fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }

    pub(crate) fn database(&self) -> &Database {
        &self.0.database
    }

    pub(crate) fn probe(&self) -> &Probe {
        &self.0.probe
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

/// Every route, with its place in the document.
pub(crate) fn routes() -> OpenApiRouter<App> {
    openapi::begun()
        .merge(health::routes())
        .merge(users::routes())
        .merge(programs::routes())
        .merge(export::routes())
        .merge(applications::routes())
        .merge(files::routes())
        .merge(reviews::routes())
        .merge(comments::routes())
        .merge(audit::routes())
}

/// The whole API: routes, the document and its page, and what every request passes through.
pub fn router(app: App) -> Router {
    let (routes, document) = routes().split_for_parts();
    let body_limit = DefaultBodyLimit::max(app.settings().body_limit);
    let routes = routes
        .merge(openapi::page(openapi::completed(document)))
        .fallback(async || Problem::not_found("route"))
        .method_not_allowed_fallback(async || {
            Problem::new(Code::MethodNotAllowed, "the route has other methods")
        })
        .layer(body_limit)
        .with_state(app.clone());
    layers::around(routes, &app)
}
