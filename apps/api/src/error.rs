//! Everything that keeps the program from doing what it was started for, with its remedy and its exit code.

use std::net::SocketAddr;

use seachange::Help;

use crate::identity::TokenError;
use crate::settings::SettingsError;

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot read `.env`: {0}")]
    DotEnv(String),
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    DatabaseSettings(#[from] db::SettingsError),
    #[error(transparent)]
    Connect(#[from] db::ConnectError),
    #[error("cannot listen on `{address}`")]
    Listen {
        address: SocketAddr,
        source: std::io::Error,
    },
    #[error("cannot watch for signals")]
    Signals(#[source] std::io::Error),
    #[error("cannot start the runtime")]
    Runtime(#[source] std::io::Error),
    #[error("the database has no user `{email}`")]
    NoUser { email: String },
    #[error("cannot look for a user")]
    Query(#[source] sea_orm::DbErr),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error("cannot write to stdout")]
    Output(#[source] std::io::Error),
}

impl StartError {
    /// A line that doesn't parse is not shown: it may be the one with the key.
    pub fn dot_env(error: &dotenvy::Error) -> Self {
        Self::DotEnv(match error {
            dotenvy::Error::LineParse(..) => "a line of it is not `NAME=value`".to_owned(),
            other => other.to_string(),
        })
    }

    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Settings(_) | Self::DatabaseSettings(_) => 64,
            _ => 1,
        }
    }
}

impl Help for StartError {
    fn help(&self) -> Option<String> {
        match self {
            Self::DotEnv(_) => Some(
                "compare it with `.env.example`; a value with spaces or quotes goes between quotes"
                    .to_owned(),
            ),
            Self::Settings(error) => error.help(),
            Self::DatabaseSettings(error) => error.help(),
            Self::Connect(error) => error.help(),
            Self::Listen { .. } => {
                Some("`--listen 127.0.0.1:0` takes a port that is free".to_owned())
            }
            Self::NoUser { .. } => Some(
                "`cargo xtask db seed` makes `coordinator@cohortflow.org` and others".to_owned(),
            ),
            Self::Query(_) => {
                Some("`cargo xtask db status` says where the database stands".to_owned())
            }
            Self::Token(error) => error.help(),
            Self::Signals(_) | Self::Runtime(_) | Self::Output(_) => None,
        }
    }
}
