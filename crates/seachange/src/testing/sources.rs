//! The hash of all that makes a package's program, told from its files alone: asking cargo would cost
//! more than the database.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};
use toml::{Table, Value};
use walkdir::{DirEntry, WalkDir};

use super::error::TestingError;

const MANIFEST: &str = "Cargo.toml";

/// Of the package in a folder of the workspace, of those in other folders that it depends on, and of
/// the workspace's own `Cargo.toml` and `Cargo.lock`, which say all about the rest.
pub(super) fn hash(root: &Path, folder: &str) -> Result<String, TestingError> {
    let own = root.join(folder).join(MANIFEST);
    if !own.is_file() {
        return Err(TestingError::NoPackage {
            package: super::workspace::package(folder).to_owned(),
            manifest: own,
        });
    }
    let whole = manifest(&root.join(MANIFEST))?;
    let shared = whole.get("workspace").and_then(|it| it.get("dependencies"));
    let shared = shared.and_then(Value::as_table).cloned();
    let shared = shared.unwrap_or_default();
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
        let about = manifest(&package.join(MANIFEST))?;
        waiting.extend(needed(&about, &package, &shared, root));
    }
    for package in seen {
        for file in files(&package)? {
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

/// Everything that may go into the program, in order: what is for tests alone does not.
fn files(package: &Path) -> Result<Vec<PathBuf>, TestingError> {
    let wanted = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        let apart = ["target", "tests", "benches", "examples"];
        entry.depth() == 0
            || !(name.starts_with('.') || entry.depth() == 1 && apart.contains(&&*name))
    };
    let mut files = Vec::new();
    let entries = WalkDir::new(package).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(wanted) {
        let entry = entry.map_err(|error| TestingError::Read {
            path: error.path().unwrap_or(package).to_owned(),
            source: error.into(),
        })?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

fn manifest(path: &Path) -> Result<Table, TestingError> {
    let text = read(path)?;
    String::from_utf8_lossy(&text)
        .parse()
        .map_err(|source| TestingError::Manifest {
            path: path.to_owned(),
            source: Box::new(source),
        })
}

/// The folders of the packages that this one's program is made of: its own dependencies and those of its
/// build script, on every platform. `shared` are the workspace's.
fn needed(manifest: &Table, package: &Path, shared: &Table, root: &Path) -> Vec<PathBuf> {
    let of_targets = manifest.get("target").and_then(Value::as_table);
    let targets = of_targets.into_iter().flat_map(Table::values);
    let tables = targets.filter_map(Value::as_table).chain([manifest]);
    let dependencies = tables.flat_map(|table| {
        let kinds = ["dependencies", "build-dependencies"];
        kinds
            .into_iter()
            .filter_map(|kind| table.get(kind)?.as_table())
    });
    let folder = |(name, about): (&String, &Value)| match about.get("path") {
        Some(path) => Some(plain(&package.join(path.as_str()?))),
        None => {
            about.get("workspace")?;
            Some(plain(&root.join(shared.get(name)?.get("path")?.as_str()?)))
        }
    };
    dependencies.flatten().filter_map(folder).collect()
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
