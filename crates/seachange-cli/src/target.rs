//! Which database: the flag's, else the environment's, else that of `.env`, else the local server's.

mod dotenv;
mod managed;

use std::fmt;
use std::path::PathBuf;

use seachange::connection::{database_of, is_local, masked};
use seachange::server::Server;
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) use managed::{blocking, ensure_server};

const VARIABLE: &str = "DATABASE_URL";

/// The database that a command works on.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) origin: Origin,
    /// Whether its server is on this machine.
    pub(crate) local: bool,
    /// The database's own name.
    pub(crate) name: String,
}

/// Who named it.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    Flag,
    Environment,
    File(PathBuf),
    /// Nobody: it is in the workspace's own server.
    Managed(Box<Server>),
}

/// A target as `--json` shows it.
#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Shown {
    name: String,
    url: String,
    origin: String,
    local: bool,
}

impl fmt::Display for Origin {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => to.write_str("--database-url"),
            Self::Environment => write!(to, "{VARIABLE} of the environment"),
            Self::File(path) => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                write!(to, "{VARIABLE} of {}", name.display())
            }
            Self::Managed(_) => to.write_str("local server"),
        }
    }
}

impl Target {
    /// The URL with its password masked.
    pub(crate) fn masked(&self) -> String {
        masked(&self.url)
    }

    /// In one line, for whoever is about to see it changed.
    pub(crate) fn described(&self) -> String {
        format!("{} ({}, {})", self.name, self.masked(), self.origin)
    }

    pub(crate) fn shown(&self) -> Shown {
        Shown {
            name: self.name.clone(),
            url: self.masked(),
            origin: self.origin.to_string(),
            local: self.local,
        }
    }
}

/// An environment variable; empty is as good as unset.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The target; the local server is started, and the database made, when nobody named another.
pub(crate) async fn find(context: &Context) -> Result<Target, Failure> {
    match named(context)? {
        Some(target) => Ok(target),
        None => managed::find(context).await,
    }
}

/// The target as far as it is there already: nothing is started or made.
pub(crate) async fn existing(context: &Context) -> Result<Option<Target>, Failure> {
    match named(context)? {
        Some(target) => Ok(Some(target)),
        None => managed::existing(context).await,
    }
}

/// The target that somebody named.
pub(crate) fn named(context: &Context) -> Result<Option<Target>, Failure> {
    if let Some(url) = &context.options.database_url {
        return by_url(url.clone(), Origin::Flag).map(Some);
    }
    if let Some(url) = variable(VARIABLE) {
        return by_url(url, Origin::Environment).map(Some);
    }
    let path = context.project.root.join(".env");
    match dotenv::value(&path, VARIABLE)? {
        Some(url) => by_url(url, Origin::File(path)).map(Some),
        None => Ok(None),
    }
}

fn by_url(url: String, origin: Origin) -> Result<Target, Failure> {
    let name = database_of(&url).map_err(|error| {
        let failure = Failure::from(error);
        Failure {
            message: format!("{origin} names no database of PostgreSQL"),
            causes: vec![failure.message],
            exit: match origin {
                Origin::Flag => Exit::Usage,
                _ => failure.exit,
            },
            ..failure
        }
    })?;
    Ok(Target {
        local: is_local(&url),
        url,
        origin,
        name,
    })
}
