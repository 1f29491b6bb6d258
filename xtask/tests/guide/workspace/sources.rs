//! The sources of a copy: what a test edits is copied, the engine is linked, so that it is compiled
//! once for this repository and all copies.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The packages that tests edit.
pub(super) const COPIED: [&str; 4] = ["crates/db", "migration", "seed", "xtask"];

/// What belongs to the workspace as a whole.
const ROOT_FILES: [&str; 3] = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml"];

/// This repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Makes the copy what the repository is. A file that is right already keeps its time, so that cargo
/// builds anew only what the last test changed.
pub(super) fn lay_out(root: &Path) {
    let repository = repository();
    for file in ROOT_FILES {
        write(&root.join(file), &fs::read(repository.join(file)).unwrap());
    }
    for member in members(&repository) {
        let (from, to) = (repository.join(&member), root.join(&member));
        if COPIED.contains(&member.as_str()) {
            mirror(&from, &to);
        } else if fs::read_link(&to).ok().as_ref() != Some(&from) {
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            if to.is_symlink() {
                // Of a checkout that was elsewhere.
                fs::remove_file(&to).unwrap();
            }
            std::os::unix::fs::symlink(&from, &to).unwrap();
        }
    }
}

/// Everything that decides what a fresh copy's database looks like.
pub(super) fn hash() -> String {
    let repository = repository();
    let mut hasher = DefaultHasher::new();
    for member in members(&repository) {
        for (path, text) in files(&repository.join(member)) {
            (path, text).hash(&mut hasher);
        }
    }
    format!("{:016x}", hasher.finish())
}

fn members(repository: &Path) -> Vec<String> {
    let manifest = fs::read_to_string(repository.join("Cargo.toml")).unwrap();
    let (_, list) = manifest.split_once("\nmembers = [").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    list.split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// Makes one folder the same as another.
pub(crate) fn mirror(from: &Path, to: &Path) {
    let wanted = files(from);
    for path in files(to).keys() {
        if !wanted.contains_key(path) {
            fs::remove_file(to.join(path)).unwrap();
            // A folder that still holds something stays.
            for folder in path.ancestors().skip(1) {
                if fs::remove_dir(to.join(folder)).is_err() {
                    break;
                }
            }
        }
    }
    for (path, text) in wanted {
        write(&to.join(path), &text);
    }
}

/// Every file of a package but its tests, which no program is made of.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        let Ok(entries) = fs::read_dir(&next) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if !path.is_dir() {
                let text = fs::read(&path).unwrap();
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), text);
            } else if path != folder.join("tests") {
                waiting.push(path);
            }
        }
    }
    found
}

fn write(path: &Path, text: &[u8]) {
    if fs::read(path).is_ok_and(|there| there == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
