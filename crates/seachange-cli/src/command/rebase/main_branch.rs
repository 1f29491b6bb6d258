//! What git's main branch has: migrations there are taken for run by others, and keep their place.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use seachange::migrations::is_version;

/// Tried in this order; the first that is there is the main branch.
const NAMES: [&str; 5] = [
    "origin/HEAD",
    "origin/main",
    "origin/master",
    "main",
    "master",
];

/// The versions that the main branch has below a folder; none where there is no git, or no such branch.
pub(super) fn versions(root: &Path, migration: &str) -> Option<(String, BTreeSet<String>)> {
    let name = NAMES.into_iter().find(|name| {
        let commit = format!("{name}^{{commit}}");
        git(root, &["rev-parse", "--verify", "--quiet", &commit]).is_some()
    })?;
    let below = format!("{migration}/src/");
    let files = git(root, &["ls-tree", "--name-only", name, &below])?;
    let stems = files.lines().filter_map(|path| {
        let file = path.rsplit('/').next()?;
        let stem = file.strip_suffix(".rs")?;
        is_version(stem).then(|| stem.to_owned())
    });
    Some((name.to_owned(), stems.collect()))
}

/// What git prints, if it succeeds.
fn git(root: &Path, words: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let printed = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(printed)
}
