//! Files of the generated folders: written only where they differ, so that cargo builds only what
//! changed; folders remembered, and put back.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::error::BenchError;

pub(super) fn read(path: &Path) -> Result<String, BenchError> {
    fs::read_to_string(path).map_err(BenchError::file("read", path))
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), BenchError> {
    if fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(BenchError::file("create", folder))?;
    }
    fs::write(path, text).map_err(BenchError::file("write", path))
}

/// Removes a file; the folder of a migration goes with the last file in it.
pub(super) fn remove_file(path: &Path) -> Result<(), BenchError> {
    fs::remove_file(path).map_err(BenchError::file("remove", path))?;
    let _ = path.parent().map(fs::remove_dir);
    Ok(())
}

/// Removes a folder and what is in it, if it is there.
pub(super) fn remove(folder: &Path) -> Result<(), BenchError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(BenchError::file("remove", folder)(error))
        }
        _ => Ok(()),
    }
}

/// Every file below a folder, by its path from there. No folder: no files.
pub(super) fn below(folder: &Path) -> Result<BTreeMap<PathBuf, Written>, BenchError> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        let entries = match fs::read_dir(&current) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(BenchError::file("read", &current))?,
        };
        for entry in entries {
            let path = entry.map_err(BenchError::file("read", &current))?.path();
            let metadata = fs::metadata(&path).map_err(BenchError::file("read", &path))?;
            if metadata.is_dir() {
                folders.push(path);
                continue;
            }
            let modified = metadata
                .modified()
                .map_err(BenchError::file("read", &path))?;
            let name = path.strip_prefix(folder).unwrap_or(&path).to_owned();
            files.insert(name, (metadata.len(), modified));
        }
    }
    Ok(files)
}

/// A file's length, and when it was written last.
type Written = (u64, SystemTime);

/// A folder as it was at one time, copied. The contents are never held in memory: a process that is
/// started counts the peak of the one that starts it as its own.
pub(super) struct Snapshot {
    folder: PathBuf,
    copy: PathBuf,
    files: BTreeMap<PathBuf, Written>,
}

impl Snapshot {
    /// Copies what is below `folder` to `copy`.
    pub(super) fn take(folder: &Path, copy: PathBuf) -> Result<Self, BenchError> {
        remove(&copy)?;
        let files = below(folder)?;
        for name in files.keys() {
            copy_file(&folder.join(name), &copy.join(name))?;
        }
        Ok(Self {
            folder: folder.to_owned(),
            copy,
            files,
        })
    }

    /// Each file that is new, or was written since.
    pub(super) fn changed(&self) -> Result<Vec<PathBuf>, BenchError> {
        Ok(below(&self.folder)?
            .into_iter()
            .filter(|(name, written)| self.files.get(name) != Some(written))
            .map(|(name, _)| self.folder.join(name))
            .collect())
    }

    /// Puts back what was written since and takes away what is new.
    pub(super) fn restore(&mut self) -> Result<(), BenchError> {
        for path in self.changed()? {
            let name = path.strip_prefix(&self.folder).unwrap_or(&path);
            if self.files.contains_key(name) {
                copy_file(&self.copy.join(name), &path)?;
                continue;
            }
            remove_file(&path)?;
        }
        self.files = below(&self.folder)?;
        Ok(())
    }
}

fn copy_file(from: &Path, to: &Path) -> Result<(), BenchError> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(BenchError::file("create", folder))?;
    }
    fs::copy(from, to).map_err(BenchError::file("copy", from))?;
    Ok(())
}
