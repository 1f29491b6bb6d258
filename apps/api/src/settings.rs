//! What the environment says about the API. The database's own settings are `db::Settings`; `.env.example` lists both.

use std::time::Duration;

use axum::http::HeaderValue;
use seachange::Help;

/// The least length of the key that tokens are signed with: as much as SHA-256 gives out.
const KEY: usize = 32;

/// How the API behaves. Take them from [`Settings::from_environment`].
#[derive(Clone)]
pub struct Settings {
    pub(crate) token_key: Vec<u8>,
    pub(crate) token_issuer: String,
    /// The web sites whose pages may ask; none: no page of another site.
    pub(crate) cors_origins: Vec<HeaderValue>,
    /// What a file's address may begin with.
    pub(crate) file_schemes: Vec<String>,
    pub(crate) request_timeout: Duration,
    /// The most bytes of a request's body.
    pub(crate) body_limit: usize,
    /// How long requests that are under way may go on after the signal to stop.
    pub(crate) stop_timeout: Duration,
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("`COHORTFLOW_TOKEN_KEY` is not set")]
    NoKey,
    /// The key isn't repeated.
    #[error("`COHORTFLOW_TOKEN_KEY` has {bytes} bytes, fewer than {KEY}")]
    ShortKey { bytes: usize },
    #[error("`{variable}` is `{value}`, which is not {expected}")]
    Value {
        variable: &'static str,
        value: String,
        expected: &'static str,
    },
}

impl Settings {
    /// Reads the environment.
    pub fn from_environment() -> Result<Self, SettingsError> {
        Self::read(|variable| std::env::var(variable).ok())
    }

    /// Reads variables from wherever `lookup` finds them. An empty one counts as unset.
    pub fn read(lookup: impl Fn(&'static str) -> Option<String>) -> Result<Self, SettingsError> {
        let get = |variable| lookup(variable).filter(|value| !value.trim().is_empty());
        let key = get("COHORTFLOW_TOKEN_KEY").ok_or(SettingsError::NoKey)?;
        if key.len() < KEY {
            return Err(SettingsError::ShortKey { bytes: key.len() });
        }
        let seconds =
            |variable, default| number(variable, get(variable), default).map(Duration::from_secs);
        Ok(Self {
            token_key: key.into_bytes(),
            token_issuer: get("COHORTFLOW_TOKEN_ISSUER").unwrap_or_else(|| "cohortflow".to_owned()),
            cors_origins: list(get("COHORTFLOW_CORS_ORIGINS"))
                .map(origin)
                .collect::<Result<_, _>>()?,
            file_schemes: list(get("COHORTFLOW_FILE_SCHEMES").or_else(|| Some("https".to_owned())))
                .collect(),
            request_timeout: seconds("COHORTFLOW_REQUEST_TIMEOUT", 30)?,
            body_limit: usize::try_from(number(
                "COHORTFLOW_BODY_LIMIT",
                get("COHORTFLOW_BODY_LIMIT"),
                1 << 20,
            )?)
            .unwrap_or(usize::MAX),
            stop_timeout: seconds("COHORTFLOW_STOP_TIMEOUT", 10)?,
        })
    }
}

fn number(
    variable: &'static str,
    value: Option<String>,
    default: u64,
) -> Result<u64, SettingsError> {
    let Some(value) = value else {
        return Ok(default);
    };
    match value.trim().parse() {
        Ok(0) | Err(_) => Err(SettingsError::Value {
            variable,
            value,
            expected: "a whole number above 0",
        }),
        Ok(number) => Ok(number),
    }
}

fn list(value: Option<String>) -> impl Iterator<Item = String> {
    let parts: Vec<String> = value
        .unwrap_or_default()
        .split(',')
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    parts.into_iter()
}

/// As a browser sends it: scheme and host, no path. `*` is none: a token is asked for, so each site is named.
fn origin(text: String) -> Result<HeaderValue, SettingsError> {
    let parsed = url::Url::parse(&text).ok();
    match parsed.map(|url| url.origin().ascii_serialization()) {
        Some(origin) if origin == text => HeaderValue::from_str(&text).ok(),
        _ => None,
    }
    .ok_or(SettingsError::Value {
        variable: "COHORTFLOW_CORS_ORIGINS",
        value: text,
        expected: "an origin such as `https://apply.example.org`",
    })
}

impl Help for SettingsError {
    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::NoKey | Self::ShortKey { .. } => {
                    "`openssl rand -hex 32` makes one; whoever signs in users signs with the same"
                }
                Self::Value { .. } => "`.env.example` lists the variables with their defaults",
            }
            .to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        Settings::read(|name| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    const GOOD: (&str, &str) = ("COHORTFLOW_TOKEN_KEY", "0123456789abcdef0123456789abcdef");

    #[test]
    fn a_missing_or_short_key_is_refused() {
        assert!(matches!(read(&[]), Err(SettingsError::NoKey)));
        assert!(matches!(
            read(&[("COHORTFLOW_TOKEN_KEY", "secret")]),
            Err(SettingsError::ShortKey { bytes: 6 })
        ));
        let settings = read(&[GOOD]).unwrap();
        assert!(settings.cors_origins.is_empty());
        assert_eq!(settings.file_schemes, ["https"]);
    }

    #[test]
    fn an_origin_is_scheme_and_host() {
        let origins = "https://apply.example.org, http://localhost:5173";
        let settings = read(&[GOOD, ("COHORTFLOW_CORS_ORIGINS", origins)]).unwrap();
        assert_eq!(settings.cors_origins.len(), 2);
        for wrong in ["*", "https://a.org/", "https://a.org/path", "a.org"] {
            assert!(
                read(&[GOOD, ("COHORTFLOW_CORS_ORIGINS", wrong)]).is_err(),
                "{wrong}"
            );
        }
    }
}
