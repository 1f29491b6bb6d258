//! The session that migrations run in: one connection, in the pool that SeaORM wants around it.

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr, SqlxPostgresConnector, Statement};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use super::error::RunnerError;
use super::run::Target;
use crate::connection::session;

/// Made through the lock alone.
pub(super) struct Work {
    pub(super) database: DatabaseConnection,
    pool: PgPool,
    session_sql: String,
}

impl Work {
    pub(super) fn new(target: &Target) -> Result<Self, RunnerError> {
        // One connection, kept: settings stick, and there is one backend to cancel. A migration that
        // wants a second one at the same time finds that out after the timeout instead of never.
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .acquire_timeout(Duration::from_secs(15))
            .connect_lazy_with(session(&target.url, "migration")?);
        Ok(Self {
            database: SqlxPostgresConnector::from_sqlx_postgres_pool(pool.clone()),
            pool,
            session_sql: target.session_sql(),
        })
    }

    /// Undoes whatever the migration before has set in the session; returns its process id.
    pub(super) async fn prepare(&self) -> Result<i32, DbErr> {
        self.database
            .execute_unprepared(&format!(
                "RESET SESSION AUTHORIZATION; RESET ALL; {}",
                self.session_sql
            ))
            .await?;
        let row = self
            .database
            .query_one_raw(Statement::from_string(
                sea_orm::DbBackend::Postgres,
                "SELECT pg_backend_pid()",
            ))
            .await?
            .ok_or_else(|| DbErr::RecordNotFound("pg_backend_pid()".to_owned()))?;
        row.try_get_by_index(0)
    }

    /// Ends the session and waits until it has ended.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}
