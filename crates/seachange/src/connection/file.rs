//! SQL files: their text, and the name that errors call them by.

use std::path::{Path, PathBuf};

use super::run::SqlText;

/// A file's text and the name that errors call it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlFile {
    /// As [`shown`] shows it.
    pub path: String,
    /// The whole of it.
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

    /// As [`run_sql`](super::run_sql) takes it.
    pub fn sql(&self) -> SqlText<'_> {
        SqlText {
            path: &self.path,
            text: &self.text,
        }
    }
}

/// The paths of the `.sql` files directly in a folder, sorted by name.
pub fn sql_files_in(folder: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
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

/// A path as people are shown it: relative to the working directory where it lies below that.
pub fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here)
        .unwrap_or(path)
        .display()
        .to_string()
}
