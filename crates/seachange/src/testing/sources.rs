//! The hash of all that makes a package's program, told from its files alone: asking cargo would cost
//! more than the database.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};
use walkdir::{DirEntry, WalkDir};

use super::error::TestingError;

const MANIFEST: &str = "Cargo.toml";

/// Of the package in a folder of the workspace, of those in other folders that it depends on, and of
/// the workspace's own `Cargo.toml` and `Cargo.lock`, which say all about the rest.
pub(super) fn hash(root: &Path, folder: &str) -> Result<String, TestingError> {
    let manifest = root.join(folder).join(MANIFEST);
    if !manifest.is_file() {
        let package = super::workspace::package(folder).to_owned();
        return Err(TestingError::NoPackage { package, manifest });
    }
    let shared = match read(&root.join(MANIFEST)) {
        Ok(text) => folders(&String::from_utf8_lossy(&text), root),
        Err(_) => BTreeMap::new(),
    };
    let mut hasher = Sha256::new();
    for name in [MANIFEST, "Cargo.lock"] {
        let file = root.join(name);
        if file.is_file() {
            add(&mut hasher, Path::new(name), &read(&file)?);
        }
    }
    let mut seen = BTreeSet::new();
    let mut waiting = vec![plain(&root.join(folder))];
    while let Some(package) = waiting.pop() {
        if !seen.insert(package.clone()) {
            continue;
        }
        let manifest = read(&package.join(MANIFEST))?;
        waiting.extend(needed(
            &String::from_utf8_lossy(&manifest),
            &package,
            &shared,
        ));
    }
    for package in seen {
        for file in files(&package) {
            let name = file.strip_prefix(root).unwrap_or(&file);
            add(&mut hasher, name, &read(&file)?);
        }
    }
    Ok(hasher.finalize()[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Name and length go in before each text, so that no text can pass for the end of another.
fn add(hasher: &mut Sha256, name: &Path, text: &[u8]) {
    let name = name.as_os_str().as_encoded_bytes();
    for part in [name, text] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
}

fn read(path: &Path) -> Result<Vec<u8>, TestingError> {
    fs::read(path).map_err(|source| TestingError::Read {
        path: path.to_owned(),
        source,
    })
}

/// Everything that may go into the program: what is for tests alone does not.
fn files(package: &Path) -> impl Iterator<Item = PathBuf> {
    let wanted = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        let apart = ["target", "tests", "benches", "examples"];
        entry.depth() == 0
            || !(name.starts_with('.') || entry.depth() == 1 && apart.contains(&&*name))
    };
    WalkDir::new(package)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(wanted)
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(DirEntry::into_path)
}

/// The folders of the packages that this one's program is made of.
fn needed(manifest: &str, package: &Path, shared: &BTreeMap<String, PathBuf>) -> Vec<PathBuf> {
    let own = folders(manifest, package);
    let names = lines(manifest).filter_map(|(section, name, _)| dependency(section, name));
    names
        .filter_map(|name| own.get(name).or_else(|| shared.get(name)).cloned())
        .collect()
}

/// The dependencies that lie in a folder, and where.
fn folders(manifest: &str, from: &Path) -> BTreeMap<String, PathBuf> {
    let entries = lines(manifest).filter_map(|(section, name, value)| {
        let dependency = dependency(section, name)?;
        let path = match name {
            "path" => value.split('"').nth(1)?,
            _ => {
                let (_, behind) = value.split_once("path")?;
                let behind = behind.trim_start().strip_prefix('=')?;
                behind.split('"').nth(1)?
            }
        };
        Some((dependency.to_owned(), plain(&from.join(path))))
    });
    entries.collect()
}

/// Each `name = value` of a manifest, with the section that it stands in. This reads what cargo's own
/// manifests look like, not all of TOML: a value is on the line of its name.
fn lines(manifest: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let mut section = "";
    manifest.lines().filter_map(move |line| {
        let line = line.trim();
        if let Some(title) = line.strip_prefix('[') {
            section = title.trim_end_matches(']');
        }
        let (name, value) = line.split_once('=')?;
        Some((section, name.trim(), value.trim()))
    })
}

/// The dependency that a line is about, unless it is one of the tests.
fn dependency<'a>(section: &'a str, name: &'a str) -> Option<&'a str> {
    let (kind, rest) = match section.rsplit_once("dependencies") {
        Some((before, rest)) => (before.rsplit('.').next().unwrap_or(before), rest),
        None => return None,
    };
    if kind == "dev-" {
        return None;
    }
    let name = match rest.strip_prefix('.') {
        Some(name) => name,
        None => name.split('.').next().unwrap_or(name),
    };
    Some(name.trim_matches('"'))
}

/// Without `..`, so that one folder has one name.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests;
