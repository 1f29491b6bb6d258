//! The session that migrations run in: one connection, in the pool that SeaORM wants around it.

use std::time::Duration;

use sea_orm::{DatabaseConnection, DbErr, RuntimeErr, SqlxPostgresConnector};
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, PgPool, Postgres, Row as _};

use super::ability::{Abilities, Ability};
use super::error::RunnerError;
use super::run::Target;
use crate::connection::session;

/// Made through the lock alone.
pub(super) struct Work {
    pub(super) database: DatabaseConnection,
    pool: PgPool,
    session_sql: String,
    /// What the session holds a shared lock on, so that the next runner finds it if this one is killed.
    key: i64,
    pub(super) able: Abilities,
}

impl Work {
    pub(super) fn new(target: &Target, key: i64, able: &Abilities) -> Result<Self, RunnerError> {
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
            key,
            able: able.clone(),
        })
    }

    /// Undoes whatever the migration before has set in the session; returns its process id.
    pub(super) async fn prepare(&self) -> Result<i32, DbErr> {
        let session = self.session().await;
        session
            .map(|(_, pid)| pid)
            .map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))
    }

    /// The session itself, prepared, with its process id.
    pub(super) async fn session(&self) -> Result<(PoolConnection<Postgres>, i32), sqlx::Error> {
        let mut connection = self.pool.acquire().await?;
        match self.reset(&mut connection).await {
            Ok(pid) => Ok((connection, pid)),
            // It may have been lost since it was used last: then there is another.
            Err(error) => {
                tracing::debug!(%error, "the session is replaced");
                drop(connection.detach());
                let mut connection = self.pool.acquire().await?;
                let pid = self.reset(&mut connection).await?;
                Ok((connection, pid))
            }
        }
    }

    async fn reset(&self, connection: &mut PoolConnection<Postgres>) -> Result<i32, sqlx::Error> {
        let patience = match self.able.has(Ability::IdleInTransactionTimeout) {
            true => "SET idle_in_transaction_session_timeout = 0;",
            false => "",
        };
        let lock = match self.able.has(Ability::AdvisoryLocks) {
            true => format!("pg_try_advisory_lock_shared({}),", self.key),
            false => String::new(),
        };
        let sql = format!(
            "RESET SESSION AUTHORIZATION; RESET ALL; {}; {patience} \
             SELECT pg_backend_pid() FROM {lock} \
             (SELECT count(set_config(name, '0', false)) FROM pg_settings WHERE name = 'transaction_timeout') AS unlimited",
            self.session_sql
        );
        let row = sqlx::raw_sql(AssertSqlSafe(sql))
            .fetch_one(&mut **connection)
            .await?;
        row.try_get(0)
    }

    /// Ends the session and waits until it has ended.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}
