//! The database that is sampled: one transaction that can't write, in one snapshot from beginning to end.
//! No temporary table and no lock beyond that of any SELECT, so a standby will do.

use std::time::Duration;

use seachange_schema::{Name, Schema};
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Executor, PgConnection};

use super::error::SampleError;
use crate::catalog;
use crate::connection::open;
use crate::push::NOTICE_A_GONE_CLIENT;

/// How values are spelt, which the masks rely on, for source and target alike; and no policy may hide a
/// row: where one would, PostgreSQL refuses.
pub(super) const SPELLING: &str = "SET LOCAL datestyle = 'ISO, YMD'; \
     SET LOCAL intervalstyle = postgres; SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1; \
     SET LOCAL bytea_output = hex; SET LOCAL xmlbinary = base64; SET LOCAL row_security = off; \
     SET LOCAL idle_in_transaction_session_timeout = 0";

/// The same rows in the same order, each time; compiling statements takes longer than running them.
const READING: &str = "SET LOCAL synchronize_seqscans = off; SET LOCAL jit = off; \
     SET LOCAL lock_timeout = '10s'";

pub(super) struct Source {
    pub(super) connection: PgConnection,
}

impl Source {
    pub(super) async fn open(
        url: &str,
        statement_timeout: Option<Duration>,
    ) -> Result<Self, SampleError> {
        let mut source = Self {
            connection: open(url, "sample").await?,
        };
        let timeout = match statement_timeout {
            Some(timeout) => format!("; SET LOCAL statement_timeout = {}", timeout.as_millis()),
            None => String::new(),
        };
        source.run(NOTICE_A_GONE_CLIENT.to_owned()).await?;
        source
            .run(format!(
                "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; {SPELLING}; {READING}{timeout}"
            ))
            .await?;
        Ok(source)
    }

    pub(super) async fn schema(&mut self) -> Result<Schema, SampleError> {
        Ok(catalog::read_within(&mut self.connection).await?)
    }

    /// Keeps everybody from dropping, truncating or rewriting what is about to be read: those don't care
    /// for snapshots.
    pub(super) async fn hold(&mut self, tables: &[&Name]) -> Result<(), SampleError> {
        if tables.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = tables.iter().map(ToString::to_string).collect();
        let names = names.join(", ");
        self.run(format!("LOCK TABLE {names} IN ACCESS SHARE MODE"))
            .await
    }

    async fn run(&mut self, sql: String) -> Result<(), SampleError> {
        let sent = self.connection.execute(sqlx::raw_sql(AssertSqlSafe(sql)));
        sent.await.map(drop).map_err(SampleError::source("a table"))
    }

    /// `reading` names the table.
    pub(super) async fn rows(
        &mut self,
        reading: &Name,
        sql: String,
    ) -> Result<Vec<PgRow>, SampleError> {
        let sent = self.connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql)));
        sent.await
            .map_err(SampleError::source(format!("`{}`", reading.plain())))
    }

    /// Nothing is to be kept of it.
    pub(super) async fn close(mut self) {
        // The rows are copied; a source that went away meanwhile changes nothing about them.
        let _ = self.run("ROLLBACK".to_owned()).await;
        let _ = sqlx::Connection::close(self.connection).await;
    }
}
