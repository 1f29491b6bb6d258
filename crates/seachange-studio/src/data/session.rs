//! Sessions on the database, and what holds for each.

use std::time::Duration;

use axum::http::StatusCode;
use seachange::connection::{open, session};
use seachange_schema::Ident;
use sqlx::postgres::PgPoolOptions;
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, PgPool, Postgres, Transaction,
};

use super::apart::{Apart, Sessions};
use crate::answer::Refusal;
use crate::error::StudioError;
use crate::settings::{Access, Settings};

/// A parameter or a value, as PostgreSQL writes it; `None` is NULL.
pub(crate) type Text = Option<String>;

/// How long a page waits for a connection beyond the longest that a statement of another may take.
const QUEUEING: Duration = Duration::from_secs(10);

/// The one database of a studio.
pub(crate) struct Database {
    pool: PgPool,
    access: Access,
    apart: Sessions,
}

impl Database {
    pub(crate) async fn connect(settings: &Settings) -> Result<Self, StudioError> {
        // The first one says in full why there is none to be had.
        let mut first = open(&settings.url, "studio").await?;
        if let Some(role) = &settings.role {
            let set = format!("SET ROLE {}", Ident::new(role.as_str()));
            let taken = first.execute(AssertSqlSafe(set)).await;
            taken.map_err(|error| StudioError::Role {
                role: role.clone(),
                message: match error {
                    sqlx::Error::Database(error) => error.message().to_owned(),
                    error => error.to_string(),
                },
            })?;
        }
        // It was only to see.
        let _ = first.close().await;
        let limits = limits(settings);
        let options = session(&settings.url, "studio")?;
        let for_all = limits.clone();
        let every = PgPoolOptions::new()
            .acquire_timeout(settings.statement_timeout + QUEUEING)
            .idle_timeout(Duration::from_secs(60))
            .after_connect(move |connection, _| {
                let limits = for_all.clone();
                Box::pin(async move { connection.execute(AssertSqlSafe(limits)).await.map(drop) })
            });
        let apart = Sessions::new(every.clone(), options.clone(), limits, settings.patience);
        let every = every.max_connections(settings.connections);
        Ok(Self {
            pool: every.connect_lazy_with(options),
            access: settings.access,
            apart,
        })
    }

    pub(crate) fn access(&self) -> Access {
        self.access
    }

    /// A transaction that reads, of one snapshot.
    pub(crate) async fn read(&self) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        self.pool
            .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await
    }

    /// A transaction that may write, where the studio may.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Postgres>, Refusal> {
        match self.access {
            Access::ReadWrite => Ok(self.pool.begin().await?),
            Access::ReadOnly => Err(
                Refusal::new(StatusCode::FORBIDDEN, "this studio only reads")
                    .help("start it with `--read-only=false` to change rows"),
            ),
        }
    }

    /// A session of its own, for what may take long: it takes no page's connection.
    pub(crate) async fn apart(&self) -> Result<Apart, sqlx::Error> {
        self.apart.one().await
    }

    /// The same for an export, of which there are so many at a time.
    pub(crate) async fn exporting(&self) -> Result<Apart, Refusal> {
        self.apart.exporting().await
    }

    pub(crate) fn pool(&self) -> PgPool {
        self.pool.clone()
    }

    /// Cancels what a session does; whether there was such a session.
    pub(crate) async fn cancel(&self, pid: i32) -> Result<bool, sqlx::Error> {
        sqlx::query_scalar("SELECT pg_cancel_backend($1)")
            .bind(pid)
            .fetch_one(&self.pool)
            .await
    }

    /// Whether a session has begun a transaction that it has not ended, a failed one included.
    pub(crate) async fn is_in_transaction(connection: &mut PgConnection) -> bool {
        // Outside of one a savepoint is refused (25P01), and in a failed one everything is (25P02).
        match connection.execute("SAVEPOINT seachange_studio").await {
            Ok(_) => true,
            Err(sqlx::Error::Database(error)) => error.code().as_deref() == Some("25P02"),
            Err(_) => false,
        }
    }

    pub(crate) async fn close(&self) {
        self.apart.close().await;
        self.pool.close().await;
    }
}

/// What every session has set.
fn limits(settings: &Settings) -> String {
    let read_only = match settings.access {
        Access::ReadOnly => "on",
        Access::ReadWrite => "off",
    };
    let mut sql = format!(
        "SET statement_timeout = {}; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s'; \
         SET default_transaction_read_only = {read_only}; SET client_min_messages = warning; SET DateStyle = ISO; \
         SET IntervalStyle = postgres; SET bytea_output = hex; SET extra_float_digits = 1",
        settings.statement_timeout.as_millis()
    );
    if let Some(role) = &settings.role {
        sql.push_str(&format!("; SET ROLE {}", Ident::new(role.as_str())));
    }
    sql
}
