//! The one way to CohortFlow's database, for its applications, the fixtures and the tools.

use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::{self, Connection as _};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};
use tracing::level_filters::LevelFilter;

use crate::Settings;

/// `target` is the database without its password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("cannot connect to {target}")]
    Refused { target: String, source: sqlx::Error },
    #[error("{target} did not answer within {after:?}")]
    TimedOut { target: String, after: Duration },
    #[error("cannot open a pool of connections to {target}")]
    Pool { target: String, source: DbErr },
}

/// Makes sure that the database answers, and opens a pool. `application` is what
/// `pg_stat_activity` calls it.
pub async fn connect(
    settings: &Settings,
    application: &str,
) -> Result<DatabaseConnection, ConnectError> {
    let target = target(settings.url());
    probe(settings, application, &target).await?;
    let connection = Database::connect(options(settings, application))
        .await
        .map_err(|source| ConnectError::Pool {
            target: target.clone(),
            source,
        })?;
    tracing::debug!(application, target, "connected");
    Ok(connection)
}

/// One connection ahead of the pool. The pool takes a refused one for a server that is about to
/// start, tries again for all of `acquire_timeout`, and then forgets why.
async fn probe(settings: &Settings, application: &str, target: &str) -> Result<(), ConnectError> {
    let refused = |source| ConnectError::Refused {
        target: target.to_owned(),
        source,
    };
    let options: PgConnectOptions = settings.url().parse().map_err(refused)?;
    let options = options.application_name(application);
    let after = settings.acquire_timeout;
    tokio::time::timeout(after, async {
        PgConnection::connect_with(&options).await?.close().await
    })
    .await
    .map_err(|_| ConnectError::TimedOut {
        target: target.to_owned(),
        after,
    })?
    .map_err(refused)
}

fn options(settings: &Settings, application: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(settings.url());
    options
        .max_connections(settings.max_connections)
        .min_connections(settings.min_connections)
        .acquire_timeout(settings.acquire_timeout)
        .idle_timeout(settings.idle_timeout)
        .max_lifetime(settings.max_lifetime)
        // The probe has seen it answer.
        .connect_lazy(true)
        .set_application_name(application)
        // Else a role's own search_path could put other tables under our names.
        .set_schema_search_path("public")
        .sqlx_slow_statements_logging_settings(
            log_level(match settings.slow_statement {
                Some(_) => LevelFilter::WARN,
                None => LevelFilter::OFF,
            }),
            settings.slow_statement.unwrap_or(Duration::MAX),
        )
        .sqlx_logging_level(log_level(settings.log_statements));
    if let Some(timeout) = settings.statement_timeout {
        options.statement_timeout(timeout);
    }
    options
}

/// sqlx names its levels by the `log` crate's type, which nobody else here needs.
fn log_level<T: std::str::FromStr>(level: LevelFilter) -> T
where
    T::Err: std::fmt::Debug,
{
    level
        .to_string()
        .parse()
        .expect("log and tracing call their levels the same")
}

/// `database` at `host:port` as `user`.
fn target(url: &str) -> String {
    let Ok(options) = url.parse::<PgConnectOptions>() else {
        return "the database".to_owned();
    };
    let host = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => options.get_host().to_owned(),
    };
    format!(
        "database `{}` at `{host}:{}` as `{}`",
        options.get_database().unwrap_or(options.get_username()),
        options.get_port(),
        options.get_username(),
    )
}

impl ConnectError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        let Self::Refused { source, .. } = self else {
            return Some("check host and port in `DATABASE_URL`, and the network".to_owned());
        };
        let code = source.as_database_error().and_then(|error| error.code());
        Some(match code.as_deref() {
            Some("3D000") => "create it and its tables with `cargo xtask db migrate`",
            Some("28P01" | "28000") => "check user and password in `DATABASE_URL`",
            Some("53300") => "the server is out of connections; lower `DB_MAX_CONNECTIONS`",
            Some(_) => return None,
            None => "check host and port in `DATABASE_URL`; `cargo xtask db start` starts a local PostgreSQL",
        }
        .to_owned())
    }
}
