//! What the environment says about connecting: the database and how its pool behaves.
//! `.env.example` lists the variables; reading `.env` is the business of each program's `main`.

mod duration;

use std::fmt;
use std::time::Duration;

use sea_orm::sqlx::postgres::PgConnectOptions;
use tracing::level_filters::LevelFilter;

/// How to reach the database. Take them from [`Settings::from_environment`].
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    url: String,
    pub max_connections: u32,
    pub min_connections: u32,
    /// How long to wait for a free connection, the first one included.
    pub acquire_timeout: Duration,
    /// None: a connection that idles is kept.
    pub idle_timeout: Option<Duration>,
    /// None: a connection is never too old.
    pub max_lifetime: Option<Duration>,
    /// None: a statement may take as long as it likes.
    pub statement_timeout: Option<Duration>,
    /// From which duration on a statement is logged as a warning; none: never.
    pub slow_statement: Option<Duration>,
    /// The level at which every statement is logged.
    pub log_statements: LevelFilter,
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("`DATABASE_URL` is not set")]
    NoUrl,
    /// The URL isn't repeated: it may hold a password.
    #[error("the database URL is not one of PostgreSQL: {reason}")]
    Url { reason: String },
    #[error("`{variable}` is `{value}`, which is not {expected}")]
    Value {
        variable: &'static str,
        value: String,
        expected: &'static str,
    },
    #[error("`{variable}` is not valid UTF-8")]
    NotUnicode { variable: &'static str },
    #[error("`DB_MIN_CONNECTIONS` is {min}, more than `DB_MAX_CONNECTIONS`, which is {max}")]
    MinAboveMax { min: u32, max: u32 },
}

const DURATION: &str = "a duration such as `500ms`, `30s`, `10min` or `1h`";
const DURATION_OR_OFF: &str =
    "a duration such as `500ms`, `30s`, `10min` or `1h`, nor `0` for none";

impl Settings {
    /// Reads the environment. `url` takes the place of `DATABASE_URL`.
    pub fn from_environment(url: Option<&str>) -> Result<Self, SettingsError> {
        Self::read(url, |variable| match std::env::var(variable) {
            Ok(value) => Ok(Some(value)),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => Err(SettingsError::NotUnicode { variable }),
        })
    }

    /// Reads variables from wherever `lookup` finds them. An empty one counts as unset.
    pub fn read(
        url: Option<&str>,
        lookup: impl Fn(&'static str) -> Result<Option<String>, SettingsError>,
    ) -> Result<Self, SettingsError> {
        let get = |variable| Ok(lookup(variable)?.filter(|value| !value.trim().is_empty()));
        let url = match url {
            Some(url) => url.to_owned(),
            None => get("DATABASE_URL")?.ok_or(SettingsError::NoUrl)?,
        };
        check_url(&url)?;

        let count =
            |variable, default| parse(variable, get(variable)?, default, "a whole number", str_to);
        let off = |variable, default| {
            parse(
                variable,
                get(variable)?,
                default,
                DURATION_OR_OFF,
                duration::or_off,
            )
        };
        let settings = Self {
            url,
            max_connections: match count("DB_MAX_CONNECTIONS", 10)? {
                0 => {
                    return Err(SettingsError::Value {
                        variable: "DB_MAX_CONNECTIONS",
                        value: "0".to_owned(),
                        expected: "at least 1",
                    });
                }
                max => max,
            },
            min_connections: count("DB_MIN_CONNECTIONS", 0)?,
            acquire_timeout: parse(
                "DB_ACQUIRE_TIMEOUT",
                get("DB_ACQUIRE_TIMEOUT")?,
                Duration::from_secs(10),
                DURATION,
                duration::positive,
            )?,
            idle_timeout: off("DB_IDLE_TIMEOUT", Some(Duration::from_secs(600)))?,
            max_lifetime: off("DB_MAX_LIFETIME", Some(Duration::from_secs(1800)))?,
            statement_timeout: off("DB_STATEMENT_TIMEOUT", Some(Duration::from_secs(30)))?,
            slow_statement: off("DB_SLOW_STATEMENT", Some(Duration::from_secs(1)))?,
            log_statements: parse(
                "DB_LOG_STATEMENTS",
                get("DB_LOG_STATEMENTS")?,
                LevelFilter::DEBUG,
                "one of `off`, `error`, `warn`, `info`, `debug`, `trace`",
                str_to,
            )?,
        };
        if settings.min_connections > settings.max_connections {
            return Err(SettingsError::MinAboveMax {
                min: settings.min_connections,
                max: settings.max_connections,
            });
        }
        Ok(settings)
    }

    /// With its password: not for the eyes of a reader.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Leaves the URL out: it may hold a password.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("max_connections", &self.max_connections)
            .field("min_connections", &self.min_connections)
            .field("statement_timeout", &self.statement_timeout)
            .finish_non_exhaustive()
    }
}

impl SettingsError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoUrl => "copy `.env.example` to `.env`, or set `DATABASE_URL`; `cargo xtask db url` starts a local PostgreSQL and prints its URL".to_owned(),
            Self::Url { .. } => {
                "write it as `postgres://user:password@host:port/database`, with %-escapes for `@`, `:` and `/` inside a part, or over a Unix socket as `postgres:///database?host=/folder&user=name`".to_owned()
            }
            Self::Value { .. } | Self::NotUnicode { .. } | Self::MinAboveMax { .. } => {
                "`.env.example` lists the variables with their defaults".to_owned()
            }
        })
    }
}

/// SeaORM panics at a URL that it can't parse, and takes other databases' too.
fn check_url(url: &str) -> Result<(), SettingsError> {
    let wrong = |reason: String| Err(SettingsError::Url { reason });
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return wrong("it does not begin with `postgres://`".to_owned());
    }
    match url.parse::<PgConnectOptions>() {
        Ok(_) => Ok(()),
        Err(error) => wrong(error.to_string()),
    }
}

fn parse<T>(
    variable: &'static str,
    value: Option<String>,
    default: T,
    expected: &'static str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<T, SettingsError> {
    let Some(value) = value else {
        return Ok(default);
    };
    read(value.trim()).ok_or(SettingsError::Value {
        variable,
        value,
        expected,
    })
}

fn str_to<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}
