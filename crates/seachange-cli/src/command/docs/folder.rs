//! The folder that documentation is in: what differs from what it should hold, and writing that.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use seachange_studio::documentation::is_ours;
use walkdir::WalkDir;

use crate::failure::Failure;

/// A folder beside what it should hold. Paths are below it, with `/`.
pub(super) struct Folder {
    pub(super) path: PathBuf,
    pages: BTreeMap<String, String>,
    /// What is missing, or says something else.
    pub(super) stale: Vec<String>,
    /// What an earlier run wrote and nothing needs any more.
    pub(super) superfluous: Vec<String>,
    pub(super) unchanged: usize,
}

impl Folder {
    /// Refuses where somebody else's file is in the way.
    pub(super) fn compare(path: PathBuf, pages: BTreeMap<String, String>) -> Result<Self, Failure> {
        let there = read(&path)?;
        let mut folder = Self {
            path,
            pages: BTreeMap::new(),
            stale: Vec::new(),
            superfluous: Vec::new(),
            unchanged: 0,
        };
        for (page, text) in &pages {
            match there.get(page) {
                Some(Some(found)) if found == text => folder.unchanged += 1,
                Some(Some(found)) if is_ours(found) => folder.stale.push(page.clone()),
                None => folder.stale.push(page.clone()),
                Some(_) => {
                    let path = folder.path.join(page);
                    return Err(Failure::new(format!(
                        "`{}` was not written by `db docs`",
                        path.display()
                    ))
                    .help("move it away, or name another folder with `--out`"));
                }
            }
        }
        folder.superfluous = (there.into_iter())
            .filter(|(path, text)| {
                !pages.contains_key(path) && text.as_deref().is_some_and(is_ours)
            })
            .map(|(path, _)| path)
            .collect();
        folder.pages = pages;
        Ok(folder)
    }

    pub(super) fn write(&self) -> Result<(), Failure> {
        for page in &self.stale {
            let path = self.path.join(page);
            let write = || {
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent)?;
                }
                fs::write(&path, &self.pages[page])
            };
            write().map_err(|error| failed("write", &path, &error))?;
        }
        for page in &self.superfluous {
            let path = self.path.join(page);
            fs::remove_file(&path).map_err(|error| failed("remove", &path, &error))?;
        }
        Ok(())
    }
}

/// Every file at the places where documentation is; none for the text of one that is no text.
fn read(folder: &Path) -> Result<BTreeMap<String, Option<String>>, Failure> {
    let mut found = BTreeMap::new();
    if !folder.exists() {
        return Ok(found);
    }
    for entry in WalkDir::new(folder).max_depth(2).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            Failure::new(format!("cannot read `{}`", folder.display()))
                .help("let this user read it, or name another folder with `--out`")
                .because(&error)
        })?;
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry.path();
        let Ok(below) = path.strip_prefix(folder) else {
            continue;
        };
        let parts: Vec<_> = below.iter().map(|it| it.to_string_lossy()).collect();
        let bytes = fs::read(path).map_err(|error| failed("read", path, &error))?;
        found.insert(parts.join("/"), String::from_utf8(bytes).ok());
    }
    Ok(found)
}

fn failed(what: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot {what} `{}`", path.display()))
        .help("let this user read and write it, or name another folder with `--out`")
        .because(error)
}
