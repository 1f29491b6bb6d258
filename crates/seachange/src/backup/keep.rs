//! How long backups are kept: older ones of the same database go once a newer one is whole, never before.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use chrono::TimeDelta;

use super::error::BackupError;
use super::name::{Form, Name};

/// `7d`, `12h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep(TimeDelta);

impl FromStr for Keep {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "it is a number with `d` or `h`, such as `7d`".to_owned();
        let (number, unit) = text
            .split_at_checked(text.len().saturating_sub(1))
            .ok_or_else(wrong)?;
        let number: u32 = number.parse().map_err(|_| wrong())?;
        match (number, unit) {
            (0, _) => Err(wrong()),
            (days, "d") => Ok(Self(TimeDelta::days(days.into()))),
            (hours, "h") => Ok(Self(TimeDelta::hours(hours.into()))),
            _ => Err(wrong()),
        }
    }
}

impl std::fmt::Display for Keep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.num_hours() {
            hours if hours % 24 == 0 => write!(f, "{}d", hours / 24),
            hours => write!(f, "{hours}h"),
        }
    }
}

/// Deletes what is older, of the database that `newest` is of, and says which.
pub(super) fn remove_older(
    folder: &Path,
    newest: &Name,
    keep: Keep,
) -> Result<Vec<PathBuf>, BackupError> {
    let failed = |doing, path: &Path| BackupError::io(doing, path);
    let mut old: Vec<(PathBuf, Form)> = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed("read", folder))? {
        let entry = entry.map_err(failed("read", folder))?;
        let Some(name) = entry.file_name().to_str().and_then(Name::parse) else {
            continue;
        };
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if name.is_of(&newest.database, &newest.server)
            && newest.at.signed_duration_since(name.at) > keep.0
            && is_folder == (name.form == Form::Folder)
        {
            old.push((entry.path(), name.form));
        }
    }
    old.sort_by(|a, b| a.0.cmp(&b.0));
    let mut removed = Vec::new();
    for (path, form) in old {
        match form {
            Form::File => fs::remove_file(&path),
            Form::Folder => fs::remove_dir_all(&path),
        }
        .map_err(failed("delete", &path))?;
        removed.push(path);
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_to_keep_are_read() {
        for (text, shown) in [("7d", "7d"), ("12h", "12h"), ("48h", "2d"), ("30d", "30d")] {
            assert_eq!(text.parse::<Keep>().unwrap().to_string(), shown);
        }
        for wrong in ["", "d", "7", "0d", "-1d", "7w", "7 d", "99999999999d", "ä"] {
            assert!(wrong.parse::<Keep>().is_err(), "{wrong}");
        }
    }
}
