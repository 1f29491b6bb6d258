//! Making a backup: pg_dump writes under another name, the archive is listed, and only then it is named.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use chrono::{SubsecRound as _, TimeDelta, Utc};
use serde::Serialize;

use super::error::BackupError;
use super::keep::{Keep, remove_older};
use super::look::{self, Facts};
use super::name::{Form, Name};
use super::partial::{Partial, folder_of};
use super::{child, restore};
use crate::runner::Interrupt;
use crate::server::Clients;

/// A backup as it is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Where it is put.
    pub to: Destination,
    /// More than one writes a folder instead of a file, by so many of pg_dump's workers.
    pub jobs: u16,
    /// None keeps all.
    pub keep: Option<Keep>,
    /// Where pg_dump is looked for.
    pub clients: Clients,
}

/// Where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Into a folder, under a name of our own.
    Folder(PathBuf),
    /// Under this name.
    Path(PathBuf),
}

/// A backup that is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Backup {
    /// The file, or the folder where several workers wrote.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// How many entries its list has.
    pub entries: usize,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Older ones of the same database that were deleted.
    pub removed: Vec<PathBuf>,
}

impl Backup {
    /// For people: where it is, and what was deleted for it.
    pub fn lines(&self) -> Vec<String> {
        let size = match self.bytes {
            bytes if bytes < 10_000 => format!("{bytes} bytes"),
            bytes if bytes < 10_000_000 => format!("{} kB", bytes / 1000),
            bytes => format!("{} MB", bytes / 1_000_000),
        };
        let made = format!(
            "backed up to {} ({size}, {} entries) in {} ms",
            self.path.display(),
            self.entries,
            self.duration_ms
        );
        let removed = self.removed.iter();
        let removed = removed.map(|path| format!("deleted the older backup {}", path.display()));
        [made].into_iter().chain(removed).collect()
    }
}

/// Dumps a database. `applied` is the last applied version where the caller knows it.
#[tracing::instrument(name = "backup", skip_all)]
pub async fn backup(
    url: &str,
    wanted: &Wanted,
    applied: Option<&str>,
    interrupt: &Interrupt,
) -> Result<Backup, BackupError> {
    let begun = Instant::now();
    let facts = look::facts(url).await?;
    let form = match wanted.jobs {
        0 | 1 => Form::File,
        _ => Form::Folder,
    };
    let (name, path) = place(&wanted.to, &facts, applied, form)?;
    let pg_dump = wanted.clients.find("pg_dump", facts.version)?;
    let pg_restore = wanted.clients.find("pg_restore", facts.version)?;

    let partial = Partial::create(&path, form)?;
    let mut command = child::command(&pg_dump);
    match form {
        Form::File => {
            let file = partial
                .file
                .try_clone()
                .map_err(BackupError::io("write", &partial.path))?;
            command.arg("--format=custom").stdout(Stdio::from(file));
        }
        Form::Folder => {
            command
                .args(["--format=directory", &format!("--jobs={}", wanted.jobs)])
                .arg("--file")
                .arg(&partial.path);
        }
    }
    child::connected(&mut command, url);
    child::run(command, &pg_dump.path, interrupt).await?;

    let list = restore::list(&pg_restore, &partial.path, interrupt).await?;
    let held = facts.contents;
    if list.tables == 0 && held.tables > 0 || list.entries == 0 && !held.is_empty() {
        return Err(BackupError::Incomplete {
            listed: list.tables,
            held: held.tables,
        });
    }
    partial.finish(&path)?;
    let mut backup = Backup {
        bytes: size(&path),
        entries: list.entries,
        duration_ms: 0,
        removed: Vec::new(),
        path,
    };
    if let Some(keep) = wanted.keep {
        backup.removed = remove_older(folder_of(&backup.path), &name, keep)?;
    }
    backup.duration_ms = millis(begun.elapsed());
    Ok(backup)
}

/// The name, and where it is free.
fn place(
    to: &Destination,
    facts: &Facts,
    applied: Option<&str>,
    form: Form,
) -> Result<(Name, PathBuf), BackupError> {
    let mut name = Name {
        database: facts.database.clone(),
        at: Utc::now().trunc_subsecs(0),
        version: applied.map(str::to_owned).or_else(|| facts.applied.clone()),
        server: facts.server.clone(),
        form,
    };
    match to {
        Destination::Path(path) if path.exists() => Err(BackupError::Exists { path: path.clone() }),
        Destination::Path(path) => Ok((name, path.clone())),
        Destination::Folder(folder) => loop {
            let path = folder.join(name.render());
            if !path.exists() {
                return Ok((name, path));
            }
            // The second one within a second.
            name.at += TimeDelta::seconds(1);
        },
    }
}

/// Of a file, or of what is in a folder.
fn size(path: &Path) -> u64 {
    if path.is_dir() {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        return entries.map(|entry| size(&entry.path())).sum();
    }
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
