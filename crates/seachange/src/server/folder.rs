//! Folders and small files: private to one user, refused when they are somebody else's, and
//! written so that no half of a file is ever seen.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::ServerError;
use super::account::Account;

/// Makes a folder that only `account` (and root) can enter. One that is there already must be its
/// own: in `/tmp`, `/var/tmp` and `/dev/shm` anybody could have made it first.
pub(super) fn private(path: &Path, account: &Account) -> Result<(), ServerError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => return account.hand_over(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(ServerError::io("create", path)(error)),
    }
    let metadata = fs::symlink_metadata(path).map_err(ServerError::io("read", path))?;
    let caller = rustix::process::geteuid().as_raw();
    if metadata.is_dir() && metadata.uid() == account.uid {
        Ok(())
    } else if metadata.is_dir() && metadata.uid() == caller {
        // Made by root, who was interrupted before handing it over.
        account.hand_over(path)
    } else {
        Err(ServerError::ForeignFolder {
            path: path.to_owned(),
            owner: metadata.uid(),
            expected: account.name.clone(),
        })
    }
}

/// Whether there is such a folder, no link to one, and it is this user's.
pub(super) fn belongs_to(path: &Path, uid: u32) -> bool {
    fs::symlink_metadata(path).is_ok_and(|folder| folder.is_dir() && folder.uid() == uid)
}

/// Makes a folder and those above it that are missing. Root gives it to whom the folder above
/// belongs, so that a workspace's owner can go on without root.
pub(super) fn shared(path: &Path) -> Result<(), ServerError> {
    if path.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(path).map_err(ServerError::io("create", path))?;
    if rustix::process::geteuid().is_root()
        && let Some(owner) = path.parent().and_then(|parent| fs::metadata(parent).ok())
    {
        std::os::unix::fs::chown(path, Some(owner.uid()), Some(owner.gid()))
            .map_err(ServerError::io("change the owner of", path))?;
    }
    Ok(())
}

/// Writes a file beside its place and renames it into it, readable by `account` alone.
pub(super) fn write_private(path: &Path, text: &str, account: &Account) -> Result<(), ServerError> {
    let new = new_name(path);
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    let done = written
        .map_err(ServerError::io("write", path))
        .and_then(|()| account.hand_over(&new))
        .and_then(|()| fs::rename(&new, path).map_err(ServerError::io("write", path)));
    if done.is_err() {
        // What remains is the error above; the leftover is swept with its folder.
        let _ = fs::remove_file(&new);
    }
    done
}

/// Removes a folder and all in it; one that is not there is fine.
pub(super) fn remove(path: &Path) -> Result<(), ServerError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(ServerError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// The name under which something is made before it is renamed to `path`.
pub(super) fn new_name(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    path.with_file_name(name)
}

/// Removes what killed processes left behind beside `path`: its `.new-…` siblings.
pub(super) fn sweep_new(path: &Path) -> Result<(), ServerError> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(());
    };
    let prefix = format!("{}.new-", name.to_string_lossy());
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(&prefix) && entry.path().is_dir() {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// The path without links and dots, also where its last parts do not exist yet.
pub(super) fn canonical(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for existing in absolute.ancestors() {
        if let Ok(real) = fs::canonicalize(existing) {
            let rest = absolute.strip_prefix(existing).unwrap_or(Path::new(""));
            return if rest.as_os_str().is_empty() {
                real
            } else {
                real.join(rest)
            };
        }
    }
    absolute
}

/// Ten hexadecimal digits that stand for a path where the path itself would be too long.
pub(super) fn short_hash(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    digest[..5]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The bytes that an ordinary user can still write on the disk of `path`.
pub(super) fn free_bytes(path: &Path) -> Option<u64> {
    let existing = path.ancestors().find(|folder| folder.exists())?;
    let disk = rustix::fs::statvfs(existing).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}
