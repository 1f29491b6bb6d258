//! What keeps the house tidy: every file says what lives in it, and none grows without end.

use std::path::{Path, PathBuf};

/// Every Rust file of the workspace that is kept in git or about to be.
pub(crate) fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap();
    let mut found = Vec::new();
    let mut waiting = vec![root];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "target" && !name.starts_with('.') && name != "node_modules" {
                    waiting.push(path);
                }
            } else if name.ends_with(".rs") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 50, "only {} files found", found.len());
    found.sort();
    found
}

#[test]
fn each_file_opens_with_what_lives_in_it() {
    let silent: Vec<String> = sources()
        .iter()
        .filter(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            !text.starts_with("//!")
        })
        .map(|path| path.display().to_string())
        .collect();
    assert!(
        silent.is_empty(),
        "no `//!` at the top of:\n{}",
        silent.join("\n")
    );
}

#[test]
fn no_file_grows_past_four_hundred_lines() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|path| !path.components().any(|part| part.as_os_str() == "tests"))
        .filter(|path| !path.ends_with("tests.rs"))
        .filter_map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            // Unit tests at a file's end don't count.
            let code = text
                .split("\n#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or(&text);
            let lines = code.lines().count();
            (lines > 400).then(|| format!("{} {lines}", path.display()))
        })
        .collect();
    assert!(
        long.is_empty(),
        "split by what they hold:\n{}",
        long.join("\n")
    );
}
