//! Folders of SQL files, in the order of their names.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::error::EntitiesError;
use crate::connection::SqlText;

/// An SQL file and the name that errors call it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlFile {
    /// Relative to the working directory where it lies below that.
    pub path: String,
    pub text: String,
}

impl SqlFile {
    /// Reads one file.
    pub fn read(path: &Path) -> Result<Self, std::io::Error> {
        Ok(Self {
            path: shown(path),
            text: std::fs::read_to_string(path)?,
        })
    }

    /// As the connection takes it.
    pub fn sql(&self) -> SqlText<'_> {
        SqlText {
            path: &self.path,
            text: &self.text,
        }
    }
}

/// The `.sql` files of a folder, sorted; none if there is no such folder.
pub(super) fn read(folder: &Path) -> Result<Vec<SqlFile>, EntitiesError> {
    let unreadable = |path: &Path, source| EntitiesError::Read {
        path: shown(path),
        source,
    };
    let paths = match sql_files_in(folder) {
        Ok(paths) => paths,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, error)),
    };
    paths
        .iter()
        .map(|path| SqlFile::read(path).map_err(|error| unreadable(path, error)))
        .collect()
}

/// The paths of the `.sql` files directly in a folder, sorted by name.
pub(crate) fn sql_files_in(folder: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sql") && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here)
        .unwrap_or(path)
        .display()
        .to_string()
}
