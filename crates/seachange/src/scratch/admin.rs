//! Administrative connections: as many as are at work at once, kept for whoever comes next.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use seachange_schema::Ident;
use sqlx::{AssertSqlSafe, PgConnection};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::error::ScratchError;
use crate::connection::open;

/// More at once gain nothing: what takes its time, copying and the checkpoints, is the server's.
const AT_ONCE: usize = 8;

pub(super) struct Admins {
    url: String,
    purpose: String,
    idle: Mutex<Vec<PgConnection>>,
    permits: Semaphore,
}

/// One of them, for as long as the value lives.
pub(super) struct Admin<'a> {
    /// There until the drop.
    connection: Option<PgConnection>,
    broken: bool,
    admins: &'a Admins,
    _permit: SemaphorePermit<'a>,
}

/// How those who are connected to a database are to leave it.
#[derive(Clone, Copy)]
pub(super) enum Leaving {
    /// They have closed their connections, and their backends end in a moment.
    ByThemselves,
    AtOnce,
}

impl Admins {
    pub(super) fn new(url: &str, purpose: String, first: PgConnection) -> Self {
        Self {
            url: url.to_owned(),
            purpose,
            idle: Mutex::new(vec![first]),
            permits: Semaphore::new(AT_ONCE),
        }
    }

    pub(super) async fn take(&self) -> Result<Admin<'_>, ScratchError> {
        let permit = self.permits.acquire().await.expect("is never closed");
        let idle = self.with_idle(Vec::pop);
        let connection = match idle {
            Some(connection) => connection,
            None => open(&self.url, &self.purpose).await?,
        };
        Ok(Admin {
            connection: Some(connection),
            broken: false,
            admins: self,
            _permit: permit,
        })
    }

    fn with_idle<T>(&self, work: impl FnOnce(&mut Vec<PgConnection>) -> T) -> T {
        work(&mut self.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Admin<'_> {
    /// Runs administrative SQL; several statements are one transaction.
    pub(super) async fn run(
        &mut self,
        doing: &'static str,
        sql: String,
    ) -> Result<(), ScratchError> {
        let ran = sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(self.connection())
            .await;
        self.noted(ran).map_err(ScratchError::sql(doing))?;
        Ok(())
    }

    /// The first column of a query with one list of texts as its parameter.
    pub(super) async fn names(
        &mut self,
        doing: &'static str,
        query: &'static str,
        parameter: &[String],
    ) -> Result<Vec<String>, ScratchError> {
        let names = sqlx::query_scalar(query)
            .bind(parameter)
            .fetch_all(self.connection())
            .await;
        self.noted(names).map_err(ScratchError::sql(doing))
    }

    /// Drops a database, and whoever is connected to it with it.
    pub(super) async fn drop_database(&mut self, name: &str) -> Result<(), ScratchError> {
        // Whom this role may not throw out, PostgreSQL names when it refuses the drop.
        self.leave(name, Leaving::AtOnce).await.ok();
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", Ident::new(name));
        self.run("drop a scratch database", sql).await
    }

    /// Waits until nobody is connected to a database. PostgreSQL, asked to drop, rename or clone it
    /// while a backend is still about to end, looks again only every tenth of a second.
    pub(super) async fn leave(&mut self, name: &str, leaving: Leaving) -> Result<(), ScratchError> {
        const TRIES: usize = 100;
        let query = match leaving {
            Leaving::ByThemselves => {
                "SELECT datname::text FROM pg_stat_activity WHERE datname = ANY($1)"
            }
            Leaving::AtOnce => {
                "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity \
                 WHERE datname = ANY($1)"
            }
        };
        let database = [name.to_owned()];
        for _ in 0..TRIES {
            let doing = "see who is connected to a scratch database";
            if self.names(doing, query, &database).await?.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    fn connection(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("is there until the drop")
    }

    /// What the server refuses breaks no connection; anything else may.
    fn noted<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        self.broken |= result
            .as_ref()
            .is_err_and(|error| error.as_database_error().is_none());
        result
    }
}

impl Drop for Admin<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take().filter(|_| !self.broken) {
            self.admins.with_idle(|idle| idle.push(connection));
        }
    }
}
