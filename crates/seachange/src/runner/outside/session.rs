//! The session of a migration outside a transaction: what is set in it before a statement, and put back
//! behind it.

use std::time::Duration;

use seachange_schema::name::literal;
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Postgres, Row as _};

use super::unit::{Unit, Way};
use crate::runner::ability::{Abilities, Ability};
use crate::runner::run::Settings;
use crate::runner::statement::limits;
use crate::runner::work::Work;

/// One backend, and what the migration itself has set in it.
pub(super) struct Session {
    connection: PoolConnection<Postgres>,
    pub(super) pid: i32,
    /// The role that the runner's own tables are written as.
    role: String,
    own: Own,
    able: Abilities,
}

/// The timeouts that the migration sets itself: then it knows better.
#[derive(Clone, Copy, Default)]
struct Own {
    lock: bool,
    statement: bool,
}

impl Session {
    pub(super) async fn open(work: &Work) -> Result<Self, sqlx::Error> {
        let (mut connection, pid) = work.session().await?;
        let role = sqlx::raw_sql("SELECT current_setting('role')")
            .fetch_one(&mut *connection)
            .await?
            .try_get(0)?;
        Ok(Self {
            connection,
            pid,
            role,
            own: Own::default(),
            able: work.able.clone(),
        })
    }

    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    pub(super) async fn send(&mut self, sql: impl Into<String>) -> Result<u64, sqlx::Error> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.into()));
        let done = sql.execute(&mut *self.connection).await?;
        Ok(done.rows_affected())
    }

    /// Remembers what a statement that changes the session has set.
    pub(super) fn note(&mut self, unit: &Unit<'_>) {
        let text = unit.text().to_ascii_lowercase();
        self.own.lock |= text.contains("lock_timeout");
        self.own.statement |= text.contains("statement_timeout");
        if text.starts_with("reset") || text.starts_with("discard") {
            self.own = Own::default();
        }
    }

    /// The limits of a unit, as settings of its transaction or of the session. Between BEGIN and COMMIT each
    /// statement has its own.
    pub(super) fn limits(&self, unit: &Unit<'_>, settings: &Settings, extent: &str) -> String {
        match &unit.way {
            Way::Backfill(_) => self.set((settings.lock_timeout, Duration::ZERO), extent),
            _ => self.limits_of(unit.text(), settings, extent),
        }
    }

    /// Those of one statement.
    pub(super) fn limits_of(&self, text: &str, settings: &Settings, extent: &str) -> String {
        self.set(limits(text, settings), extent)
    }

    fn set(&self, (lock, statement): (Duration, Duration), extent: &str) -> String {
        let mut sql = String::new();
        if !self.own.lock && self.able.has(Ability::LockTimeout) {
            sql.push_str(&format!(
                "SET {extent} lock_timeout = {};",
                lock.as_millis()
            ));
        }
        if !self.own.statement && self.able.has(Ability::StatementTimeout) {
            sql.push_str(&format!(
                "SET {extent} statement_timeout = {};",
                statement.as_millis()
            ));
        }
        sql
    }

    /// The migration may have put on another role, one that may not write here.
    pub(super) fn as_runner(&self) -> String {
        format!(
            "SELECT pg_catalog.set_config('role', {}, true);",
            literal(&self.role)
        )
    }

    /// Ends it, whatever state it is in.
    pub(super) async fn end(self) {
        let connection = self.connection.detach();
        if let Err(error) = connection.close_hard().await {
            tracing::debug!(%error, "the session did not end in good order");
        }
    }
}
