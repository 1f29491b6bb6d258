//! What can go wrong with scratch databases.

use crate::connection::ConnectError;
use crate::error::{Help, database_help};
use crate::server::ServerError;

/// Why there is no scratch database.
#[derive(Debug, thiserror::Error)]
pub enum ScratchError {
    /// The managed server could not be started.
    #[error("no server for scratch databases")]
    Server(#[from] ServerError),
    /// The server was not reached, or did not let the user in.
    #[error("no connection for scratch databases")]
    Connect(#[from] ConnectError),
    /// `SEACHANGE_SCRATCH_URL` names a role without CREATEDB.
    #[error("`{user}` may not create databases in `{target}`")]
    MayNotCreate {
        /// The database; never with a password.
        target: String,
        /// The role.
        user: String,
    },
    /// A statement on the scratch server failed.
    #[error("could not {doing}")]
    Sql {
        /// What was being done, as words that follow "cannot".
        doing: &'static str,
        /// What PostgreSQL or the connection said.
        #[source]
        source: sqlx::Error,
    },
}

impl ScratchError {
    pub(super) fn sql(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Sql { doing, source }
    }

    /// Whether a template is not there any more.
    pub fn is_gone(&self) -> bool {
        self.sqlstate().as_deref() == Some("3D000")
    }

    /// PostgreSQL's own code, when it was PostgreSQL that refused.
    pub fn sqlstate(&self) -> Option<String> {
        match self {
            Self::Sql { source, .. } => {
                let code = source.as_database_error()?.code()?;
                Some(code.into_owned())
            }
            Self::Connect(error) => error.sqlstate().map(str::to_owned),
            Self::Server(_) | Self::MayNotCreate { .. } => None,
        }
    }
}

impl Help for ScratchError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Server(error) => error.help(),
            Self::Connect(error) => error.help(),
            Self::MayNotCreate { user, .. } => Some(format!(
                "grant it with `ALTER ROLE \"{user}\" CREATEDB`, or unset SEACHANGE_SCRATCH_URL to \
                 use a local throwaway server"
            )),
            Self::Sql { source, .. } => match self.sqlstate().as_deref() {
                Some("53100") => Some(
                    "the server's disk is full: free some space, or stop the throwaway server, \
                     which empties it"
                        .to_owned(),
                ),
                Some("42501") => Some("scratch databases need a role with CREATEDB".to_owned()),
                _ => Some(database_help(source)),
            },
        }
    }
}
