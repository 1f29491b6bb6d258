//! Who runs the server. PostgreSQL refuses root, so root hands over to another user, who must be
//! able to enter every folder on the way to the data.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::fs::Access;

use super::ServerError;

/// The user whom the server's processes and files belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    gid: u32,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The caller itself.
    Caller,
    /// Another user, taken on by root.
    TakenOn,
}

impl Account {
    /// The caller, or for root: the owner of the data that exist already, else `postgres`, else
    /// `nobody`.
    pub(super) fn resolve(existing: Option<&Path>) -> Result<Self, ServerError> {
        let caller = rustix::process::geteuid().as_raw();
        if caller != 0 {
            return Ok(Self {
                name: name_of(caller),
                uid: caller,
                gid: rustix::process::getegid().as_raw(),
                kind: Kind::Caller,
            });
        }
        if let Some(owner) = existing.and_then(|folder| fs::metadata(folder).ok())
            && owner.uid() != 0
        {
            return Ok(Self {
                name: name_of(owner.uid()),
                uid: owner.uid(),
                gid: owner.gid(),
                kind: Kind::TakenOn,
            });
        }
        let users = users();
        ["postgres", "nobody"]
            .iter()
            .find_map(|wanted| users.iter().find(|user| user.name == *wanted))
            .map(|user| Self {
                name: user.name.clone(),
                uid: user.uid,
                gid: user.gid,
                kind: Kind::TakenOn,
            })
            .ok_or(ServerError::NoAccount)
    }

    pub(super) fn is_caller(&self) -> bool {
        self.kind == Kind::Caller
    }

    /// A command that runs as this user, from a folder that everybody can enter, in English, and
    /// without the settings of some other PostgreSQL in its environment.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").env("LC_ALL", "C");
        for name in [
            "PGDATA",
            "PGPORT",
            "PGHOST",
            "PGUSER",
            "PGDATABASE",
            "PGOPTIONS",
            "PGTZ",
        ] {
            command.env_remove(name);
        }
        if self.kind == Kind::TakenOn {
            // The standard library drops root's supplementary groups along with the user id.
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Hands a file or folder that the caller made over to this user.
    pub(super) fn hand_over(&self, path: &Path) -> Result<(), ServerError> {
        if self.is_caller() {
            return Ok(());
        }
        std::os::unix::fs::lchown(path, Some(self.uid), Some(self.gid))
            .map_err(ServerError::io("change the owner of", path))
    }

    /// The first folder on the way to `path`, itself included, that this user cannot enter. What
    /// does not exist yet is no obstacle.
    pub(super) fn blocked_at(&self, path: &Path) -> Option<PathBuf> {
        let mut way: Vec<&Path> = path.ancestors().collect();
        way.reverse();
        way.into_iter()
            .find(|folder| !self.can_enter(folder))
            .map(Path::to_owned)
    }

    fn can_enter(&self, folder: &Path) -> bool {
        if self.is_caller() {
            return !matches!(
                rustix::fs::access(folder, Access::EXEC_OK),
                Err(rustix::io::Errno::ACCESS)
            );
        }
        let Ok(metadata) = fs::metadata(folder) else {
            return true;
        };
        let bit = if metadata.uid() == self.uid {
            0o100
        } else if metadata.gid() == self.gid {
            0o010
        } else {
            0o001
        };
        metadata.mode() & bit != 0
    }
}

/// The name of a user, or its number where it has none.
pub(super) fn name_of(uid: u32) -> String {
    users()
        .into_iter()
        .find(|user| user.uid == uid)
        .map_or_else(|| uid.to_string(), |user| user.name)
}

struct User {
    name: String,
    uid: u32,
    gid: u32,
}

fn users() -> Vec<User> {
    let Ok(text) = fs::read_to_string("/etc/passwd") else {
        return Vec::new();
    };
    text.lines()
        .filter_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?.to_owned();
            let uid = fields.nth(1)?;
            let gid = fields.next()?;
            Some(User {
                name,
                uid: number(uid)?,
                gid: number(gid)?,
            })
        })
        .collect()
}

/// macOS writes its `nobody` as -2, which is the same 32 bits as 4294967294.
fn number(text: &str) -> Option<u32> {
    text.parse()
        .ok()
        .or_else(|| text.parse::<i32>().ok().map(i32::cast_unsigned))
}
