//! What is being written: under a name that is no backup's until it is whole. Its lock tells one that is
//! still written from what a killed run left.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::error::BackupError;
use super::name::{Form, Name};

const ENDING: &str = ".partial";

/// Removed unless it is finished.
pub(super) struct Partial {
    pub(super) path: PathBuf,
    form: Form,
    /// Holds the lock; pg_dump writes through a copy of it, so the lock lasts as long as it does.
    pub(super) file: File,
    finished: bool,
}

impl Partial {
    /// Readable by nobody else from the beginning.
    pub(super) fn create(target: &Path, form: Form) -> Result<Self, BackupError> {
        let folder = folder_of(target);
        make_folder(folder)?;
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let path = folder.join(format!(".{name}{ENDING}"));
        sweep(folder, &path);
        let failed = || BackupError::io("write", &path);
        let file = match form {
            Form::File => OpenOptions::new()
                .write(true)
                .read(true)
                .create_new(true)
                .mode(0o600)
                .open(&path),
            Form::Folder => DirBuilder::new()
                .mode(0o700)
                .create(&path)
                .and_then(|()| File::open(&path)),
        }
        .map_err(failed())?;
        // A file system without locks only loses the sweeping.
        let _ = file.try_lock();
        Ok(Self {
            path,
            form,
            file,
            finished: false,
        })
    }

    /// On the disk, and only then under its name; what has that name already stays.
    pub(super) fn finish(mut self, target: &Path) -> Result<(), BackupError> {
        let failed = |doing, path: &Path| BackupError::io(doing, path);
        if self.form == Form::Folder {
            for entry in fs::read_dir(&self.path).map_err(failed("read", &self.path))? {
                let path = entry.map_err(failed("read", &self.path))?.path();
                fs::set_permissions(&path, fs::Permissions::from_mode(0o600))
                    .and_then(|()| File::open(&path)?.sync_all())
                    .map_err(failed("write", &path))?;
            }
        }
        self.file.sync_all().map_err(failed("write", &self.path))?;
        match self.form {
            Form::File => {
                fs::hard_link(&self.path, target).and_then(|()| fs::remove_file(&self.path))
            }
            // Refused by the system where a folder with something in it, or a file, is in its place.
            Form::Folder => fs::rename(&self.path, target),
        }
        .map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty => BackupError::Exists {
                path: target.to_owned(),
            },
            _ => failed("write", target)(source),
        })?;
        self.finished = true;
        let folder = folder_of(target);
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(failed("write", folder))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.finished {
            remove(&self.path);
        }
    }
}

/// The folder that a path is in.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// For nobody else, where it is made here; those above it as usual.
fn make_folder(folder: &Path) -> Result<(), BackupError> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder_of(folder))
        .and_then(|()| DirBuilder::new().mode(0o700).create(folder))
        .or_else(|error| match error.kind() {
            // Somebody else was quicker.
            ErrorKind::AlreadyExists if folder.is_dir() => Ok(()),
            _ => Err(error),
        })
        .map_err(BackupError::io("make the folder", folder))
}

/// Removes what killed runs left, of backups with names of our own and of this one.
fn sweep(folder: &Path, this: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let left = name
            .to_str()
            .and_then(|name| name.strip_prefix('.')?.strip_suffix(ENDING))
            .is_some_and(|name| Name::parse(name).is_some())
            || entry.path() == this;
        if left && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            tracing::debug!(path = %entry.path().display(), "removing what a killed backup left");
            remove(&entry.path());
        }
    }
}

fn remove(path: &Path) {
    let removed = match path.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    };
    if let Err(error) = removed
        && error.kind() != ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "an unfinished backup can't be removed");
    }
}
