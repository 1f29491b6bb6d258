//! The oldest Rust that is stated is the same everywhere, and the one at work is no older. What is packaged says what it is.

use std::fs;
use std::path::Path;
use std::process::Command;

fn text(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn stated() -> String {
    let manifest = text("Cargo.toml");
    let (_, rest) = manifest.split_once("rust-version = \"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[test]
fn the_oldest_rust_is_the_same_everywhere() {
    let stated = stated();
    for (path, words) in [
        ("README.md", format!("Rust {stated} or newer")),
        ("CONTRIBUTING.md", format!("The oldest Rust is {stated}.")),
        ("docs/production.md", format!("Rust {stated},")),
        ("Dockerfile", format!("ARG RUST_VERSION={stated}\n")),
        (
            ".github/workflows/ci.yml",
            format!("RUST_VERSION: \"{stated}\""),
        ),
    ] {
        assert!(text(path).contains(&words), "{path} does not say `{words}`");
    }
}

#[test]
fn the_rust_at_work_is_no_older_than_stated() {
    let said = Command::new("rustc").arg("--version").output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let parts = |version: &str| -> Vec<u32> {
        version
            .split(['.', '-'])
            .take(2)
            .map(|part| part.parse().unwrap())
            .collect()
    };
    let here = said.split_whitespace().nth(1).unwrap();
    assert!(
        parts(here) >= parts(&stated()),
        "{here} is older than {}",
        stated()
    );
}

#[test]
fn public_items_must_have_documentation() {
    for package in [
        "seachange-schema",
        "seachange-lint",
        "seachange",
        "seachange-studio",
        "seachange-cli",
    ] {
        let path = format!("crates/{package}/src/lib.rs");
        assert!(text(&path).contains("#![deny(missing_docs)]"), "{path}");
    }
}
