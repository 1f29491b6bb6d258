//! Which database: the flag's, else the environment's, else that of `.env`, else the local server's.

use std::fmt;
use std::path::PathBuf;

use seachange::connection::{is_local, masked};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

mod dotenv;

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Flag,
    Environment,
    File(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => to.write_str("--database-url"),
            Self::Environment => write!(to, "{VARIABLE}"),
            Self::File(path) => write!(to, "{VARIABLE} in {}", path.display()),
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
        format!(
            "database {} · {} · {}",
            self.name,
            self.masked(),
            self.origin
        )
    }
}

/// An environment variable; empty is as good as unset.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

pub(crate) async fn find(context: &Context) -> Result<Target, Failure> {
    if let Some(url) = &context.options.database_url {
        return named(url.clone(), Origin::Flag);
    }
    if let Some(url) = variable(VARIABLE) {
        return named(url, Origin::Environment);
    }
    let path = context.project.root.join(".env");
    if let Some(url) = dotenv::value(&path, VARIABLE)? {
        return named(url, Origin::File(path));
    }
    Err(Failure::new("no database is named")
        .help("name one with `--database-url`, `DATABASE_URL` or in `.env`"))
}

fn named(url: String, origin: Origin) -> Result<Target, Failure> {
    let name = seachange::connection::database_of(&url).map_err(|error| {
        let mut failure = Failure::from(error);
        failure.message = format!("{origin} names no database: {}", failure.message);
        if origin == Origin::Flag {
            failure.exit = Exit::Usage;
        }
        failure
    })?;
    Ok(Target {
        local: is_local(&url),
        url,
        origin,
        name,
    })
}
