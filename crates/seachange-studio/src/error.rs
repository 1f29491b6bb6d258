//! Why a studio did not start.

use std::io;

use seachange::Help;
use seachange::connection::ConnectError;

/// A studio that did not start, or that stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum StudioError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen { port: u16, source: io::Error },
    #[error("the role `{role}` cannot be taken on: {message}")]
    Role { role: String, message: String },
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
            Self::Database(_) => return None,
        };
        Some(text.to_owned())
    }
}
