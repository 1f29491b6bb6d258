//! Opening a connection: what every session has set, and what to do when there is none to be had.

use std::io::ErrorKind;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, PgConnection};

use super::target::{masked, options};
use crate::error::{Help, database_help, sqlstate_help};

const TIMEOUT: Duration = Duration::from_secs(10);

/// Opens a connection for the tools. `application_name` says `seachange <purpose>`, `search_path`
/// is `public` alone (PostgreSQL's spelling of expressions depends on it), notices are left out.
pub async fn open(url: &str, purpose: &str) -> Result<PgConnection, ConnectError> {
    let failed = |reason| ConnectError {
        target: masked(url),
        reason,
    };
    let options = session(url, purpose)?;
    let opening = async {
        let mut connection = options.connect().await?;
        sqlx::raw_sql("SET search_path = public; SET client_min_messages = warning")
            .execute(&mut connection)
            .await?;
        Ok(connection)
    };
    match tokio::time::timeout(TIMEOUT, opening).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(failed(Reason::of(error))),
        Err(_) => Err(failed(Reason::Silent)),
    }
}

/// How [`open`] connects, for those who need a pool; `search_path` is theirs to set.
pub fn session(url: &str, purpose: &str) -> Result<PgConnectOptions, ConnectError> {
    Ok(options(url)
        .map_err(|error| ConnectError::url(url, url_message(&error)))?
        .application_name(&format!("seachange {purpose}"))
        .disable_statement_logging())
}

/// Why no connection could be opened, and to where.
#[derive(Debug, thiserror::Error)]
#[error("cannot connect to `{target}`: {reason}")]
pub struct ConnectError {
    /// The URL with its password masked.
    pub target: String,
    #[source]
    reason: Reason,
}

#[derive(Debug, thiserror::Error)]
enum Reason {
    #[error("{0}")]
    Url(String),
    #[error("{0}")]
    Io(std::io::Error),
    #[error("{message} (SQLSTATE {sqlstate})")]
    Refused { message: String, sqlstate: String },
    #[error("no answer within {} seconds", TIMEOUT.as_secs())]
    Silent,
    #[error("{0}")]
    Other(sqlx::Error),
}

impl ConnectError {
    pub(super) fn url(url: &str, message: String) -> Self {
        Self {
            target: masked(url),
            reason: Reason::Url(message),
        }
    }

    /// PostgreSQL's own code, when it was PostgreSQL that refused.
    pub fn sqlstate(&self) -> Option<&str> {
        match &self.reason {
            Reason::Refused { sqlstate, .. } => Some(sqlstate),
            _ => None,
        }
    }
}

impl Reason {
    fn of(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Io(error) => Self::Io(error),
            sqlx::Error::Database(error) => Self::Refused {
                message: error.message().to_owned(),
                sqlstate: error.code().unwrap_or_default().into_owned(),
            },
            error => Self::Other(error),
        }
    }
}

/// sqlx repeats no part of the URL in these, so no password either.
pub(super) fn url_message(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Configuration(cause) => cause.to_string(),
        error => error.to_string(),
    }
}

impl Help for ConnectError {
    fn help(&self) -> Option<String> {
        let text = match &self.reason {
            Reason::Url(_) => {
                "a URL reads `postgres://user:password@host:5432/database`, or for a Unix socket \
                 `postgres:///database?host=/folder/of/the/socket&user=name`"
            }
            Reason::Io(error) => match error.kind() {
                ErrorKind::ConnectionRefused | ErrorKind::NotFound => {
                    "no server listens there: start it, or check host, port and socket folder"
                }
                ErrorKind::PermissionDenied => {
                    "this user may not enter the socket's folder: check its permissions"
                }
                _ => "check host, port and network",
            },
            Reason::Refused { sqlstate, .. } => match sqlstate.as_str() {
                "28P01" => "check the password in the URL",
                "28000" => "check the user in the URL, and the server's pg_hba.conf",
                "3D000" => "create the database, or check its name in the URL",
                "53300" => {
                    "the server has no connection left: close some, or raise max_connections"
                }
                "57P03" => "the server is starting up or shutting down: try again in a moment",
                other => sqlstate_help(other),
            },
            Reason::Silent => "check host, port and firewall: the server did not answer at all",
            Reason::Other(error) => return Some(database_help(error)),
        };
        Some(text.to_owned())
    }
}
