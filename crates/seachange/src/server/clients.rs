//! PostgreSQL's client programs, such as `pg_dump`: where they may be, and which is new enough for a server.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::programs::{folders_on_path, installed, of_the_system, parse_version, version_text};
use super::{Settings, place::Layout};
use crate::error::Help;

/// Where to look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clients {
    /// The folder that somebody named: then it is the only one.
    pub programs: Option<PathBuf>,
    /// The workspace's `.seachange` folder, where `install` puts programs.
    pub home: Option<PathBuf>,
}

/// A program that answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientProgram {
    /// The file or folder.
    pub path: PathBuf,
    /// As `server_version_num`: 150018 is 15.18.
    pub version: u32,
}

/// Why there is none that will do.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// It is nowhere that was looked.
    #[error("`{program}` was not found{}", in_folder(.folder.as_deref()))]
    Missing {
        /// Its name.
        program: &'static str,
        /// The only folder that was looked in, if one was named.
        folder: Option<PathBuf>,
        /// The server's major version.
        server: u32,
    },
    /// A client older than the server is refused by itself.
    #[error(
        "the server is PostgreSQL {}, and `{program}` must not be older: found {}",
        version_text(*.server), listed(.found)
    )]
    TooOld {
        /// Its name.
        program: &'static str,
        /// The server's major version.
        server: u32,
        /// Those that are too old.
        found: Vec<ClientProgram>,
    },
}

impl Help for ClientError {
    fn help(&self) -> Option<String> {
        let (Self::Missing { server, .. } | Self::TooOld { server, .. }) = self;
        let major = server / 10_000;
        Some(format!(
            "install PostgreSQL {major}'s client programs: `apt-get install postgresql-client-{major}` or `brew \
             install postgresql@{major}`; or name their folder with `--server-bin`"
        ))
    }
}

impl Clients {
    /// The first program of that name whose major version is the server's or newer. `server` is its
    /// `server_version_num`.
    pub fn find(&self, program: &'static str, server: u32) -> Result<ClientProgram, ClientError> {
        let mut found: Vec<ClientProgram> = Vec::new();
        for folder in self.folders() {
            let path = folder.join(program);
            let Some(version) = version_of(&path) else {
                continue;
            };
            let client = ClientProgram { path, version };
            if version / 10_000 >= server / 10_000 {
                return Ok(client);
            }
            if found.iter().all(|known| known.path != client.path) {
                found.push(client);
            }
        }
        Err(if found.is_empty() {
            ClientError::Missing {
                program,
                folder: self.programs.clone(),
                server,
            }
        } else {
            ClientError::TooOld {
                program,
                server,
                found,
            }
        })
    }

    fn folders(&self) -> Vec<PathBuf> {
        if let Some(programs) = &self.programs {
            return vec![programs.clone()];
        }
        let layout = self.home.as_ref().filter(|home| home.exists());
        let layout = layout.and_then(|home| {
            let settings = Settings {
                home: home.clone(),
                programs: None,
            };
            Layout::resolve(&settings).ok()
        });
        let installed = layout.iter().flat_map(installed);
        installed
            .chain(folders_on_path())
            .chain(of_the_system())
            .collect()
    }
}

/// None where it is no such program, or can't be run.
fn version_of(path: &Path) -> Option<u32> {
    if !path.is_file() {
        return None;
    }
    let output = Command::new(path)
        .arg("--version")
        .env("LC_ALL", "C")
        .output()
        .ok()?;
    parse_version(&String::from_utf8_lossy(&output.stdout)).filter(|_| output.status.success())
}

fn in_folder(folder: Option<&Path>) -> String {
    folder.map_or_else(String::new, |folder| format!(" in `{}`", folder.display()))
}

fn listed(found: &[ClientProgram]) -> String {
    found
        .iter()
        .map(|one| format!("{} (`{}`)", version_text(one.version), one.path.display()))
        .collect::<Vec<_>>()
        .join(", ")
}
