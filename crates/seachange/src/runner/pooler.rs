//! A connection that is no session: behind a pooler which hands out a server connection a transaction,
//! the lock and the settings would be somebody else's a moment later.

use std::fmt;

use sqlx::{PgConnection, Row as _};

use super::error::RunnerError;
use crate::connection::ConnectError;

/// How often it is tried: a pooler may give the same server connection twice by chance.
const ROUNDS: u32 = 3;

/// What gave a pooler away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pooled {
    /// It does not know what every driver of PostgreSQL sends when it connects.
    Startup(String),
    /// While a session of ours was idle, another was given its backend.
    Shared {
        /// The backend's process id.
        backend: i32,
    },
    /// One session had one backend first and another one then.
    Moved {
        /// Process id of the first backend.
        from: i32,
        /// Process id of the second one.
        to: i32,
    },
    /// What was set in the session was gone.
    Forgot,
}

/// Looks whether `connection` is a session of its own, with a second connection that is in a
/// transaction meanwhile.
pub(super) async fn check(
    connection: &mut PgConnection,
    other: &mut PgConnection,
) -> Result<(), RunnerError> {
    let found = look(connection, other).await;
    match found.map_err(RunnerError::books("checking for a pooler"))? {
        None => Ok(()),
        Some(pooled) => Err(RunnerError::Pooler(pooled)),
    }
}

/// A connection that could not be opened, when it was a pooler that did not understand.
pub(super) fn refused(error: ConnectError) -> RunnerError {
    let text = error.to_string();
    match text.find("unsupported startup parameter") {
        Some(at) => RunnerError::Pooler(Pooled::Startup(text[at..].to_owned())),
        None => RunnerError::Connect(error),
    }
}

/// Without prepared statements, which are the first to break behind a pooler.
async fn look(
    ours: &mut PgConnection,
    other: &mut PgConnection,
) -> Result<Option<Pooled>, sqlx::Error> {
    for _ in 0..ROUNDS {
        let mark = format!("{:016x}", rand::random::<u64>());
        let set = format!("SELECT pg_backend_pid(), set_config('seachange.mark', '{mark}', false)");
        let from: i32 = one(ours, set).await?.try_get(0)?;
        one_off(other, "BEGIN").await?;
        let backend: i32 = one(other, "SELECT pg_backend_pid()".to_owned())
            .await?
            .try_get(0)?;
        if backend == from {
            return Ok(Some(Pooled::Shared { backend }));
        }
        let get = "SELECT pg_backend_pid(), coalesce(current_setting('seachange.mark', true), '')";
        let row = one(ours, get.to_owned()).await?;
        let (to, kept): (i32, String) = (row.try_get(0)?, row.try_get(1)?);
        one_off(other, "ROLLBACK").await?;
        if from != to {
            return Ok(Some(Pooled::Moved { from, to }));
        }
        if kept != mark {
            return Ok(Some(Pooled::Forgot));
        }
    }
    Ok(None)
}

async fn one(
    connection: &mut PgConnection,
    sql: String,
) -> Result<sqlx::postgres::PgRow, sqlx::Error> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .fetch_one(connection)
        .await
}

async fn one_off(connection: &mut PgConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(sql).execute(connection).await.map(drop)
}

impl fmt::Display for Pooled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Startup(message) = self {
            return write!(
                f,
                "this is no PostgreSQL, but a pooler that does not understand its driver: {message}"
            );
        }
        write!(
            f,
            "this is no session of PostgreSQL's own, but a pooler's that shares server connections between transactions: "
        )?;
        match self {
            Self::Startup(_) => Ok(()),
            Self::Shared { backend } => write!(
                f,
                "two connections at once were given the same backend, process {backend}"
            ),
            Self::Moved { from, to } => write!(
                f,
                "one connection was given the backend {from} first and {to} then"
            ),
            Self::Forgot => write!(
                f,
                "what was set in the session was gone with the next query"
            ),
        }
    }
}
