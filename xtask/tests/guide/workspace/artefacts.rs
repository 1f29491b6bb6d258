//! What cargo built for this repository counts for its copies too: same profile, same features, same
//! lock, so the same names. Without this each slot would compile SeaORM and the engine for itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::sources::COPIED;

/// From here on a file is linked, not copied: whoever writes such a file anew replaces it.
const LARGE: u64 = 64 * 1024;

/// Brings every unit but those of the copied packages into the copy's target folder, unless it is there
/// and as new.
pub(crate) fn share(target: &Path) {
    // <target>/debug/deps/it-<hash>
    let program = std::env::current_exe().unwrap();
    let from = program.ancestors().nth(2).unwrap();
    if from.file_name().is_none_or(|profile| profile != "debug") {
        return;
    }
    let to = target.join("debug");
    let own: BTreeSet<&str> = COPIED
        .iter()
        .filter_map(|path| path.rsplit('/').next())
        .collect();
    let mut artefacts = None;
    for unit in entries(&from.join(".fingerprint")) {
        let name = unit.file_name().unwrap().to_str().unwrap();
        let Some((package, hash)) = name.rsplit_once('-') else {
            continue;
        };
        let fingerprint = Path::new(".fingerprint").join(name);
        if own.contains(package) || newest(&unit) <= newest(&to.join(&fingerprint)) {
            continue;
        }
        let artefacts = artefacts.get_or_insert_with(|| by_hash(&from.join("deps")));
        for file in artefacts.get(hash).into_iter().flatten() {
            bring(file, &to.join("deps").join(file.file_name().unwrap()));
        }
        bring(&from.join("build").join(name), &to.join("build").join(name));
        // Last: it says that the rest is there.
        bring(&unit, &to.join(fingerprint));
    }
}

/// `libserde-0123456789abcdef.rlib` by `0123456789abcdef`.
fn by_hash(deps: &Path) -> BTreeMap<String, Vec<PathBuf>> {
    let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in entries(deps) {
        let name = file.file_name().unwrap().to_str().unwrap();
        let stem = name.split('.').next().unwrap();
        if let Some((_, hash)) = stem.rsplit_once('-') {
            found.entry(hash.to_owned()).or_default().push(file.clone());
        }
    }
    found
}

fn newest(folder: &Path) -> Option<SystemTime> {
    entries(folder)
        .iter()
        .map(|file| fs::metadata(file).unwrap().modified().unwrap())
        .max()
}

/// A file or a folder, with its times: by these cargo tells what is up to date.
fn bring(from: &Path, to: &Path) {
    let Ok(about) = fs::metadata(from) else {
        return;
    };
    if about.is_dir() {
        for entry in entries(from) {
            bring(&entry, &to.join(entry.file_name().unwrap()));
        }
        return;
    }
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    if to.exists() {
        fs::remove_file(to).unwrap();
    }
    if about.len() >= LARGE && fs::hard_link(from, to).is_ok() {
        return;
    }
    fs::copy(from, to).unwrap();
    let copy = File::open(to).unwrap();
    copy.set_modified(about.modified().unwrap()).unwrap();
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    }
}
