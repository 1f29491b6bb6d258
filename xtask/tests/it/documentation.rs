//! What is written about the schema is what the migrations make.

use std::path::Path;
use std::process::Command;

#[test]
fn what_json_prints_is_published_as_it_is() {
    let ran = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["schemas", "--check"])
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "run `cargo xtask schemas`; where it refuses, a reader of `--json` would break\n{}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
}

#[test]
fn the_schema_is_documented_as_it_is() {
    let ran = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["db", "docs", "--check"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "run `cargo xtask db docs`\n{}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
}

#[test]
fn every_command_and_flag_is_in_the_reference() {
    let folder = tempfile::tempdir().unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["man", "--markdown", "--out"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let made = std::fs::read_to_string(folder.path().join("reference.md")).unwrap();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference.md");
    expect_test::expect_file![page].assert_eq(&made);
}
