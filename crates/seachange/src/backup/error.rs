//! Why there is no backup, or why one was not restored.

use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use super::look::Session;
use crate::connection::ConnectError;
use crate::error::{Help, database_help};
use crate::server::ClientError;

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The server was not reached, or did not let the user in.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// There is no client program that will do.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The database was asked about itself, and did not answer.
    #[error("{doing} failed: {source}")]
    Asking {
        /// What was being done, as words that follow "cannot".
        doing: &'static str,
        /// What PostgreSQL or the connection said.
        source: sqlx::Error,
    },
    /// A file or folder of the backup could not be read or written.
    #[error("cannot {doing} `{}`: {source}", path.display())]
    Io {
        /// What was being done, as words that follow "cannot".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A backup is never written over another.
    #[error("`{}` is there already", path.display())]
    Exists {
        /// The file or folder.
        path: PathBuf,
    },
    /// pg_dump or pg_restore did not start.
    #[error("cannot run `{}`: {source}", program.display())]
    Program {
        /// The program.
        program: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// pg_dump or pg_restore ended with an error.
    #[error("`{}` failed ({status}): {said}", program.display())]
    Failed {
        /// The program.
        program: PathBuf,
        /// How it ended.
        status: ExitStatus,
        /// Its last words on stderr.
        said: String,
    },
    /// pg_dump ended well, and yet tables are missing.
    #[error("the backup lists {listed} tables, and the database holds {held}")]
    Incomplete {
        /// Tables in the backup's list.
        listed: usize,
        /// Tables in the database.
        held: i64,
    },
    /// pg_restore can't list it.
    #[error("`{}` can't be read as a backup: {said}", path.display())]
    NotABackup {
        /// Of the file, as messages show it.
        path: PathBuf,
        /// Its last words on stderr.
        said: String,
    },
    /// Others are connected to the database that is to be replaced.
    #[error("{} use the database `{database}`: {}", how_many(.sessions), listed(.sessions))]
    Sessions {
        /// Its name.
        database: String,
        /// Who they are.
        sessions: Vec<Session>,
    },
    /// It would be replaced, on another machine.
    #[error("the database `{database}` holds {held}, and it is not on this machine")]
    NotEmpty {
        /// Its name.
        database: String,
        /// What would be lost, in words.
        held: String,
    },
    /// A restore into a new database found one of that name.
    #[error("the database `{database}` is there already")]
    DatabaseExists {
        /// Its name.
        database: String,
    },
    /// pg_restore failed half-way.
    #[error("the backup is not restored: {source}; {stands}")]
    NotRestored {
        /// What failed.
        #[source]
        source: Box<BackupError>,
        /// What there is now, in words.
        stands: String,
    },
    /// Ctrl-C or SIGTERM came.
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

    /// Whether it was stopped from outside, so that there is nothing to mend.
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
            Self::Asking { source, .. } => database_help(source),
            Self::Io { path, .. } => format!(
                "let this user read and write `{}`, or name another place with `--out`",
                path.display()
            ),
            Self::Program { program, .. } => format!(
                "install PostgreSQL's client programs, or see that `{}` may be run; `doctor` shows what was found",
                program.display()
            ),
            Self::Failed { .. } => "its own words say why; nothing of the database was changed".to_owned(),
            Self::Interrupted => return None,
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
