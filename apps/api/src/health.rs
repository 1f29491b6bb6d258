//! `/health`: this process answers. `/ready`: it may serve, since its database answers, every migration that it was
//! built for is applied, none stands half-way, and the schema is the one that they left.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use sea_orm::DatabaseConnection;
use seachange::readiness::{Expected, readiness};
use serde::Serialize;
use tokio::sync::Mutex;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::problem::{Code, Fault, Problem};

/// Files of the migration package, not the package: the API never links it.
const LOCK: &str = include_str!("../../../migration/seachange.lock");
const SCHEMA: &str = include_str!("../../../migration/schema.sql");

/// So long an answer counts, however many ask.
const FRESH: Duration = Duration::from_secs(3);
/// A probe that takes longer is a no.
const PATIENCE: Duration = Duration::from_secs(2);

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(health))
        .routes(routes!(ready))
}

/// How this process feels.
#[derive(Serialize, ToSchema)]
struct Health {
    #[schema(value_type = String, example = "ok")]
    status: &'static str,
}

const OK: Json<Health> = Json(Health { status: "ok" });

/// Whether the process is alive
#[utoipa::path(get, path = "/health", tag = "health", responses((status = 200, description = "It is", body = Health)))]
async fn health() -> Json<Health> {
    OK
}

/// Whether it may serve
#[utoipa::path(get, path = "/ready", tag = "health", responses((status = 200, description = "It may", body = Health)))]
async fn ready(State(app): State<App>) -> Result<Json<Health>, Problem> {
    let reasons = app.probe().reasons().await;
    if reasons.is_empty() {
        return Ok(OK);
    }
    let faults = reasons
        .iter()
        .map(|reason| Fault::new("#", "not-ready", reason.clone()))
        .collect();
    Err(Problem::new(
        Code::NotReady,
        "the database is not as this program needs it",
    )
    .because(faults))
}

/// Looks at the database, and remembers for a moment what it saw.
pub(crate) struct Probe {
    pool: DatabaseConnection,
    expected: Option<Expected>,
    /// Held while one looks: whoever comes meanwhile waits for the same answer.
    seen: Mutex<Option<(Instant, Arc<Vec<String>>)>>,
}

impl Probe {
    pub(crate) fn new(pool: DatabaseConnection) -> Self {
        let expected = Expected::parse(LOCK, SCHEMA);
        if let Err(error) = &expected {
            tracing::error!(%error, "never ready");
        }
        Self {
            pool,
            expected: expected.ok(),
            seen: Mutex::default(),
        }
    }

    /// Why it is not ready; nothing, if it is.
    async fn reasons(&self) -> Arc<Vec<String>> {
        let mut seen = self.seen.lock().await;
        if let Some((at, reasons)) = &*seen
            && at.elapsed() < FRESH
        {
            return Arc::clone(reasons);
        }
        let looked = tokio::time::timeout(PATIENCE, self.look()).await;
        let reasons = looked.unwrap_or_else(|_| vec!["the database does not answer".to_owned()]);
        if !reasons.is_empty() {
            tracing::warn!(reasons = reasons.join("; "), "not ready");
        }
        let reasons = Arc::new(reasons);
        *seen = Some((Instant::now(), Arc::clone(&reasons)));
        reasons
    }

    async fn look(&self) -> Vec<String> {
        let Some(expected) = &self.expected else {
            return vec!["this program was built with a lock that is not in order".to_owned()];
        };
        let pool = self.pool.get_postgres_connection_pool();
        let mut connection = match pool.acquire().await {
            Ok(connection) => connection,
            Err(error) => {
                tracing::warn!(%error, "no connection for the probe");
                return vec!["the database can't be reached".to_owned()];
            }
        };
        match readiness(&mut connection, expected).await {
            Ok(readiness) => readiness.reasons(),
            Err(error) => {
                tracing::warn!(%error, "the database can't be asked whether it is ready");
                vec!["the database can't be asked whether it is ready".to_owned()]
            }
        }
    }
}
