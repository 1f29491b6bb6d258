//! Where the servers of a workspace live: in its home where the server's user can enter it, else
//! below `/var/tmp`; the throwaway one in memory where there is room; sockets below `/tmp`.

use std::fs;
use std::path::{Path, PathBuf};

use super::account::Account;
use super::settings::{Role, Settings};
use super::{ServerError, folder};

/// In the home: says where the data are when they cannot be in the home itself.
const NOTE: &str = "place.txt";
const MEMORY: &str = "/dev/shm";
/// What the throwaway server wants free before it goes into memory.
pub(super) const MEMORY_WANTED: u64 = 512 * 1024 * 1024;
/// The most bytes of a socket's path: `sun_path` less its final zero.
const SOCKET_LIMIT: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The places of one workspace.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) home: PathBuf,
    pub(super) account: Account,
    /// Where everything that stays is: the home, or a folder that stands in for it.
    pub(super) base: PathBuf,
    key: String,
}

/// The place of one server.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) role: Role,
    owner: u32,
    pub(super) folder: PathBuf,
    pub(super) sockets: PathBuf,
}

impl Layout {
    /// Decides without making anything. A place once chosen is kept: the note first, then data
    /// that are in the home.
    pub(super) fn resolve(settings: &Settings) -> Result<Self, ServerError> {
        let home = folder::canonical(&settings.home);
        let noted = note(&home);
        let existing = noted.clone().unwrap_or_else(|| home.clone());
        let account = Account::resolve(Some(&existing.join(Role::Development.folder())))?;
        let key = folder::short_hash(&home);
        let base = match noted {
            Some(base) => base,
            None if home.join("development/data").exists() => home.clone(),
            None if account.blocked_at(&home).is_none() => home.clone(),
            None => PathBuf::from(format!("/var/tmp/seachange-{}/{key}", account.uid)),
        };
        Ok(Self {
            home,
            account,
            base,
            key,
        })
    }

    /// The folder that keeps the server's user out of the base, if there is one.
    pub(super) fn blocked(&self) -> Option<PathBuf> {
        self.account.blocked_at(&self.base)
    }

    pub(super) fn development(&self) -> Place {
        self.place(Role::Development, self.base.join("development"))
    }

    /// In memory, if this machine has such a folder at all.
    pub(super) fn throwaway_in_memory(&self) -> Option<Place> {
        let folder = format!("{MEMORY}/seachange-{}-{}", self.account.uid, self.key);
        Path::new(MEMORY)
            .is_dir()
            .then(|| self.place(Role::Throwaway, folder.into()))
    }

    pub(super) fn throwaway_on_disk(&self) -> Place {
        self.place(Role::Throwaway, self.base.join("throwaway"))
    }

    /// Every place where the server of this role can be, the likeliest first.
    pub(super) fn places(&self, role: Role) -> Vec<Place> {
        match role {
            Role::Development => vec![self.development()],
            Role::Throwaway => self
                .throwaway_in_memory()
                .into_iter()
                .chain([self.throwaway_on_disk()])
                .collect(),
        }
    }

    /// Ready-made clusters for the throwaway server, by the programs that made them.
    pub(super) fn cache(&self) -> PathBuf {
        self.base.join("cache")
    }

    /// The folder of both servers' sockets.
    pub(super) fn sockets(&self) -> PathBuf {
        PathBuf::from(format!("/tmp/seachange-{}-{}", self.account.uid, self.key))
    }

    /// A number that is this workspace's own, to pick ports by.
    pub(super) fn seed(&self) -> u32 {
        u32::from_str_radix(&self.key[..8], 16).unwrap_or_default()
    }

    /// Makes the base, and where that is not the home, leaves a note in the home.
    pub(super) fn make_base(&self) -> Result<(), ServerError> {
        if self.base == self.home {
            return Ok(());
        }
        if let Some(above) = self.base.parent()
            && above.starts_with("/var/tmp")
        {
            folder::private(above, &self.account)?;
        }
        folder::private(&self.base, &self.account)?;
        let note = self.home.join(NOTE);
        if !note.exists() {
            let text = format!(
                "{}\n\nThe local PostgreSQL of this workspace keeps its data in the folder above, because its user\n\
                 `{}` cannot enter this one.\n",
                self.base.display(),
                self.account.name
            );
            fs::write(&note, text).map_err(ServerError::io("write", &note))?;
        }
        Ok(())
    }

    fn place(&self, role: Role, folder: PathBuf) -> Place {
        Place {
            role,
            owner: self.account.uid,
            folder,
            sockets: self.sockets().join(role.sockets()),
        }
    }
}

impl Place {
    /// Whether the folder belongs to the server's user: what anybody else put in its place, which
    /// anybody can in `/dev/shm`, is neither believed nor touched.
    pub(super) fn is_ours(&self) -> bool {
        folder::belongs_to(&self.folder, self.owner)
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(super) fn password(&self) -> PathBuf {
        self.folder.join("password")
    }

    pub(super) fn state(&self) -> PathBuf {
        self.folder.join("state.json")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }
}

/// The path of the socket that a server on `port` makes in `sockets`.
pub(super) fn socket(sockets: &Path, port: u16) -> Result<PathBuf, ServerError> {
    let path = sockets.join(format!(".s.PGSQL.{port}"));
    let length = path.as_os_str().len();
    if length > SOCKET_LIMIT {
        return Err(ServerError::SocketPath {
            path,
            length,
            limit: SOCKET_LIMIT,
        });
    }
    Ok(path)
}

fn note(home: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(home.join(NOTE)).ok()?;
    let path = PathBuf::from(text.lines().next()?);
    path.is_absolute().then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Help;

    #[test]
    fn a_socket_path_beyond_the_limit_is_refused() {
        let fits = PathBuf::from(format!(
            "/{}",
            "a".repeat(SOCKET_LIMIT - 1 - "/.s.PGSQL.15432".len())
        ));
        assert_eq!(
            socket(&fits, 15432).expect("fits").as_os_str().len(),
            SOCKET_LIMIT
        );
        let error = socket(&fits.with_extension("b"), 15432).expect_err("two bytes too long");
        assert!(
            error
                .to_string()
                .contains("has 109 bytes, 107 are the most")
                || cfg!(not(target_os = "linux"))
        );
        assert!(error.help().is_some());
    }
}
