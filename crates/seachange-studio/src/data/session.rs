//! Sessions on the database, and what holds for each.

use std::time::Duration;

use seachange::connection::{open, session};
use seachange_schema::Ident;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgPool, Postgres, Transaction};

use crate::answer::Refusal;
use crate::error::StudioError;
use crate::settings::{Access, Settings};

/// A parameter or a value, as PostgreSQL writes it; `None` is NULL.
pub(crate) type Text = Option<String>;

/// The one database of a studio.
pub(crate) struct Database {
    pool: PgPool,
    access: Access,
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
        let pool = PgPoolOptions::new()
            .max_connections(settings.connections)
            .acquire_timeout(Duration::from_secs(10))
            .idle_timeout(Duration::from_secs(60))
            .after_connect(move |connection, _| {
                let limits = limits.clone();
                Box::pin(async move { connection.execute(AssertSqlSafe(limits)).await.map(drop) })
            })
            .connect_lazy_with(session(&settings.url, "studio")?);
        Ok(Self {
            pool,
            access: settings.access,
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
            Access::ReadOnly => Err(Refusal::new(
                axum::http::StatusCode::FORBIDDEN,
                "this studio only reads",
            )
            .help("start it with `--read-only=false` to change rows")),
        }
    }

    pub(crate) async fn close(&self) {
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
