//! Where a fleet comes from: a file, a command that prints the same lines, or the schemas of a database.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use sqlx::Connection as _;
use tokio::process::Command;

use super::list::Fleet;
use crate::connection::{ConnectError, masked, open};
use crate::error::{Help, database_help};
use crate::runner::interrupt::Interrupt;

/// How many wrong lines are told.
const TOLD: usize = 10;

/// Why there is no fleet to go through.
#[derive(Debug, thiserror::Error)]
pub enum FleetError {
    /// The list can't be read.
    #[error("cannot read `{}`: {source}", .path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Lines of the list make no sense, or name what is there already.
    #[error("{}", lines(.list, .wrong))]
    Lines {
        /// What the list is called.
        list: String,
        /// With the number of the line, from 1.
        wrong: Vec<(usize, String)>,
    },
    /// An empty list is never a success.
    #[error("`{list}` names no target")]
    Empty {
        /// What the list is called.
        list: String,
    },
    /// The command that prints the list did not start.
    #[error("cannot run `{command}`: {source}")]
    Run {
        /// As it was given.
        command: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The command that prints the list failed.
    #[error("`{command}` ended with {status}, so its list is not trusted")]
    Command {
        /// As it was given.
        command: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// The server was not reached, or did not let the user in.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// A target did not tell its schemas.
    #[error("looking for the schemas of `{target}` failed: {source}")]
    Catalog {
        /// The database; never with a password.
        target: String,
        /// What PostgreSQL or the connection said.
        source: sqlx::Error,
    },
    /// A pattern fits nothing.
    #[error("no schema of `{target}` is called like `{pattern}`")]
    NoSchema {
        /// The database; never with a password.
        target: String,
        /// As it was given.
        pattern: String,
    },
    /// Two targets are schemas of one database, and a backup was asked for.
    #[error(
        "`{name}` is another schema of a database that is listed before, and a backup is of a whole database"
    )]
    BackupTwice {
        /// As it was given.
        name: String,
    },
    /// It was stopped before anything was done.
    #[error("interrupted while the list was made: nothing was done")]
    Interrupted,
}

impl Fleet {
    /// The list in a file.
    pub fn of_file(path: &Path, schema: &str) -> Result<Self, FleetError> {
        let text = std::fs::read_to_string(path).map_err(|source| FleetError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text, &path.display().to_string(), schema)
    }

    /// The list that a command of the shell prints.
    pub async fn of_command(
        command: &str,
        schema: &str,
        interrupt: &Interrupt,
    ) -> Result<Self, FleetError> {
        let failed = |source| FleetError::Run {
            command: command.to_owned(),
            source,
        };
        let child = Command::new("sh")
            .args(["-c", command])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let output = tokio::select! {
            output = child.wait_with_output() => output.map_err(failed)?,
            () = interrupt.requested() => return Err(FleetError::Interrupted),
        };
        if !output.status.success() {
            return Err(FleetError::Command {
                command: command.to_owned(),
                status: output.status,
            });
        }
        Self::parse(&String::from_utf8_lossy(&output.stdout), command, schema)
    }

    /// The schemas of a database whose names are like the pattern, in which `*` and `?` stand for others.
    pub async fn of_schemas_like(url: &str, pattern: &str) -> Result<Self, FleetError> {
        let failed = |source| FleetError::Catalog {
            target: masked(url),
            source,
        };
        let mut connection = open(url, "fleet").await?;
        let schemas: Vec<String> = sqlx::query_scalar(
            "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE $1 \
             AND nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY nspname",
        )
        .bind(like(pattern))
        .fetch_all(&mut connection)
        .await
        .map_err(failed)?;
        // It was only to look.
        let _ = connection.close().await;
        if schemas.is_empty() {
            return Err(FleetError::NoSchema {
                target: masked(url),
                pattern: pattern.to_owned(),
            });
        }
        Ok(Self::of_schemas(url, schemas))
    }
}

impl FleetError {
    /// 64 what was given is wrong, 130 interrupted, else 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Lines { .. } | Self::BackupTwice { .. } => 64,
            Self::Interrupted => 130,
            _ => 1,
        }
    }

    /// A stable word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::Connect(_) => "connect",
            _ => "fleet",
        }
    }
}

impl Help for FleetError {
    fn help(&self) -> Option<String> {
        let text = match self {
            Self::Lines { .. } => {
                "a line reads `URL [schema=NAME] [name=NAME] [canary]`; nothing was done to any target"
            }
            Self::Empty { .. } => "a fleet without a target is taken for a mistake",
            Self::Command { .. } => "run it by itself and see what it says",
            Self::NoSchema { .. } => {
                "`*` stands for any letters and `?` for one; quote the pattern, or the shell reads it"
            }
            Self::BackupTwice { .. } => "back that database up by itself, and leave `--backup` out",
            Self::Connect(error) => return error.help(),
            Self::Read { .. } => "check the path, and that this user may read the file",
            Self::Run { .. } => "it is run by `sh -c`: try it there by itself",
            Self::Catalog { source, .. } => return Some(database_help(source)),
            Self::Interrupted => return None,
        };
        Some(text.to_owned())
    }
}

fn lines(list: &str, wrong: &[(usize, String)]) -> String {
    let mut told: Vec<String> = wrong
        .iter()
        .take(TOLD)
        .map(|(number, reason)| format!("{list}:{number}: {reason}"))
        .collect();
    if wrong.len() > TOLD {
        told.push(format!("and {} lines more", wrong.len() - TOLD));
    }
    told.join("\n  ")
}

fn like(pattern: &str) -> String {
    let mut like = String::new();
    for letter in pattern.chars() {
        match letter {
            '*' => like.push('%'),
            '?' => like.push('_'),
            '%' | '_' | '\\' => like.extend(['\\', letter]),
            letter => like.push(letter),
        }
    }
    like
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_has_no_letters_of_like() {
        assert_eq!(like("tenant_*"), "tenant\\_%");
        assert_eq!(like("a?%"), "a_\\%");
    }
}
