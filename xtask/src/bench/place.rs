//! Where things are: the workspace, and the git-ignored folder that everything is written to.

use std::path::{Path, PathBuf};

/// The workspace's root.
pub(super) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package
        .parent()
        .map_or_else(|| package.to_owned(), Path::to_owned)
}

pub(super) fn bench() -> PathBuf {
    root().join("target/bench")
}

/// Cargo's output of all generated workspaces: what they share is built once.
pub(super) fn cargo_target() -> PathBuf {
    bench().join("target")
}

/// The output of each program that was run last under a title.
pub(super) fn log(title: &str) -> PathBuf {
    let name: String = title
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect();
    bench().join("logs").join(name + ".log")
}
