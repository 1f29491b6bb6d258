//! Why a studio did not start.

use std::io;

use seachange::Help;
use seachange::connection::ConnectError;

/// A studio that did not start, or that stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum StudioError {
    /// The database was not reached, or did not let the user in.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The port is taken, or not to be had.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// As it was asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// `SET ROLE` was refused.
    #[error("the role `{role}` cannot be taken on: {message}")]
    Role {
        /// As it was asked for.
        role: String,
        /// What PostgreSQL said.
        message: String,
    },
    /// A query failed that every page needs.
    #[error("cannot read the database: {0}")]
    Database(sqlx::Error),
}

impl Help for StudioError {
    fn help(&self) -> Option<String> {
        let text = match self {
            Self::Connect(error) => return error.help(),
            Self::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse => {
                "another program has that port: leave `--port` out, or name a free one"
            }
            Self::Listen { .. } => "leave `--port` out, or name a free one above 1023",
            Self::Role { .. } => {
                "the user in the URL has to be a member of it: `GRANT role TO user`"
            }
            Self::Database(_) => "see that the role may read the catalog, then start it again",
        };
        Some(text.to_owned())
    }
}
