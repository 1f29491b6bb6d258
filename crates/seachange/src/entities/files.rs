//! The SQL that stands beside the entities.

use std::io::ErrorKind;
use std::path::Path;

use super::error::EntitiesError;
use crate::connection::{SqlFile, shown, sql_files_in};

/// The `.sql` files of a folder, sorted; none if there is no such folder.
pub(super) fn in_folder(folder: &Path) -> Result<Vec<SqlFile>, EntitiesError> {
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
