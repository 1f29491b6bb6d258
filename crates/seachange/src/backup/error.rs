//! Why there is no backup, or why one was not restored.

use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use super::look::Session;
use crate::connection::ConnectError;
use crate::error::Help;
use crate::server::ClientError;

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("{doing} failed: {source}")]
    Asking {
        doing: &'static str,
        source: sqlx::Error,
    },
    #[error("cannot {doing} `{}`: {source}", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("`{}` is there already", path.display())]
    Exists { path: PathBuf },
    #[error("cannot run `{}`: {source}", program.display())]
    Program {
        program: PathBuf,
        source: std::io::Error,
    },
    #[error("`{}` failed ({status}): {said}", program.display())]
    Failed {
        program: PathBuf,
        status: ExitStatus,
        said: String,
    },
    #[error("the backup lists {listed} tables, and the database holds {held}")]
    Incomplete { listed: usize, held: i64 },
    #[error("`{}` can't be read as a backup: {said}", path.display())]
    NotABackup { path: PathBuf, said: String },
    #[error("{} use the database `{database}`: {}", how_many(.sessions), listed(.sessions))]
    Sessions {
        database: String,
        sessions: Vec<Session>,
    },
    #[error("the database `{database}` holds {held}, and it is not on this machine")]
    NotEmpty { database: String, held: String },
    #[error("the database `{database}` is there already")]
    DatabaseExists { database: String },
    #[error("the backup is not restored: {source}; {stands}")]
    NotRestored {
        #[source]
        source: Box<BackupError>,
        stands: String,
    },
    #[error("interrupted")]
    Interrupted,
}

impl BackupError {
    /// Whether it was refused, and nothing was begun.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Client(_)
                | Self::Exists { .. }
                | Self::Sessions { .. }
                | Self::NotEmpty { .. }
                | Self::DatabaseExists { .. }
        )
    }

    pub fn is_interrupt(&self) -> bool {
        match self {
            Self::Interrupted => true,
            Self::NotRestored { source, .. } => source.is_interrupt(),
            _ => false,
        }
    }

    pub(super) fn asking(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Asking { doing, source }
    }

    pub(super) fn io(
        doing: &'static str,
        path: &Path,
    ) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io {
            doing,
            path,
            source,
        }
    }
}

impl Help for BackupError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Connect(error) => return error.help(),
            Self::Client(error) => return error.help(),
            Self::Exists { .. } => "give another name: nothing is written over".to_owned(),
            Self::Failed { said, .. } if said.contains("permission denied") => {
                "the role has to be allowed to read everything: its owner, or a member of `pg_read_all_data`"
                    .to_owned()
            }
            Self::Incomplete { .. } => {
                "something else changed the database meanwhile, or the role does not see all of it; nothing was kept"
                    .to_owned()
            }
            Self::NotABackup { .. } => {
                "it takes what `backup`, or pg_dump in its custom or directory format, has written whole".to_owned()
            }
            Self::Sessions { .. } => "let them end, or end them with `--force`".to_owned(),
            Self::NotEmpty { .. } => {
                "restore into a new database beside it: `--into NAME`".to_owned()
            }
            Self::DatabaseExists { .. } => "give another name to `--into`".to_owned(),
            Self::NotRestored { source, .. } => {
                return match source.as_ref() {
                    Self::Failed { said, .. } if said.contains("role \"") => Some(
                        "`--no-owner` leaves out owners and privileges: all belongs to the role that restores"
                            .to_owned(),
                    ),
                    source => source.help(),
                };
            }
            _ => return None,
        })
    }
}

fn how_many(sessions: &[Session]) -> String {
    match sessions.len() {
        1 => "1 session, which is not ours, does".to_owned(),
        count => format!("{count} sessions"),
    }
}

fn listed(sessions: &[Session]) -> String {
    sessions
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
