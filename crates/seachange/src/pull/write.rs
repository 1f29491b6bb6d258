//! The files on disk: all of them or none, and nothing that was there before without a word.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::error::PullError;
use super::{Pulled, PulledFile};
use crate::connection::shown;

/// Folders that hold nothing but what `pull` writes: another file there would be declared as well.
const OWNED: [(&str, &str); 3] = [
    ("src/entity", "rs"),
    ("sql/before", "sql"),
    ("sql/after", "sql"),
];

/// What becomes of files that are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// They are left alone, and nothing is written.
    Refused,
    /// Overwritten, or removed where they would be declared beside what is written.
    Replaced,
}

/// What was done to the folder, below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that were made or replaced.
    pub written: Vec<String>,
    /// Files whose table is gone.
    pub removed: Vec<String>,
}

/// Files that would be overwritten with something else, and those that would be removed.
pub fn in_the_way(pulled: &Pulled, folder: &Path) -> (Vec<String>, Vec<String>) {
    let overwritten = pulled.files.iter().filter(|file| {
        fs::read(folder.join(&file.path)).is_ok_and(|there| there != file.text.as_bytes())
    });
    let wanted: BTreeSet<&str> = pulled.files.iter().map(|file| file.path.as_str()).collect();
    let mut removed = Vec::new();
    for (owned, extension) in OWNED {
        let Ok(entries) = fs::read_dir(folder.join(owned)) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = format!("{owned}/{}", entry.file_name().display());
            let of_kind = path.extension().is_some_and(|it| it == extension);
            if of_kind && path.is_file() && !wanted.contains(name.as_str()) {
                removed.push(name);
            }
        }
    }
    removed.sort();
    (overwritten.map(|file| file.path.clone()).collect(), removed)
}

/// Writes everything into a folder beside, has it formatted, and moves it to its place; where that
/// fails, everything is moved back.
pub fn write(mut pulled: Pulled, folder: &Path, existing: Existing) -> Result<Written, PullError> {
    let failed = |path: &Path| {
        let path = shown(path);
        move |source| PullError::Write { path, source }
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let beside = tempfile::Builder::new()
        .prefix(".pull-")
        .tempdir_in(folder)
        .map_err(failed(folder))?;
    let new = beside.path().join("new");
    for file in &pulled.files {
        let path = new.join(&file.path);
        place(&path).map_err(failed(&path))?;
        fs::write(&path, &file.text).map_err(failed(&path))?;
    }
    format(&new);
    for file in &mut pulled.files {
        let path = new.join(&file.path);
        file.text = fs::read_to_string(&path).map_err(failed(&path))?;
    }
    let (overwritten, removed) = in_the_way(&pulled, folder);
    if existing == Existing::Refused && !(overwritten.is_empty() && removed.is_empty()) {
        let paths = overwritten.into_iter().chain(removed).collect();
        return Err(PullError::InTheWay { paths });
    }
    exchange(&pulled.files, &removed, folder, &beside)?;
    Ok(Written {
        written: pulled.files.into_iter().map(|file| file.path).collect(),
        removed,
    })
}

/// As `cargo fmt` would; where there is no rustfmt it stays as it is.
fn format(folder: &Path) {
    let _ = Command::new("rustfmt")
        .args(["--edition", "2024", "--quiet"])
        .arg(folder.join("src/entity.rs"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

fn exchange(
    files: &[PulledFile],
    removed: &[String],
    folder: &Path,
    beside: &TempDir,
) -> Result<(), PullError> {
    let mut moved: Vec<(PathBuf, PathBuf)> = Vec::new();
    let moves = files
        .iter()
        .map(|file| &file.path)
        .chain(removed)
        .map(|path| (folder.join(path), beside.path().join("old").join(path)))
        .filter(|(from, _)| from.exists())
        .collect::<Vec<_>>();
    let placed = files.iter().map(|file| {
        let from = beside.path().join("new").join(&file.path);
        (from, folder.join(&file.path))
    });
    for (from, to) in moves.into_iter().chain(placed) {
        if let Err(source) = place(&to).and_then(|()| fs::rename(&from, &to)) {
            for (from, to) in moved.into_iter().rev() {
                // Nothing more can be done about one that does not go back.
                let _ = fs::rename(to, from);
            }
            return Err(PullError::Write {
                path: shown(&to),
                source,
            });
        }
        moved.push((from, to));
    }
    Ok(())
}

fn place(path: &Path) -> Result<(), std::io::Error> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}
