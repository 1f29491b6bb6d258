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

/// Every page below docs, relative to it.
fn pages() -> Vec<String> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let mut found = Vec::new();
    let mut waiting = vec![docs.clone()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|it| it == "md") {
                let name = path.strip_prefix(&docs).unwrap();
                found.push(name.to_str().unwrap().to_owned());
            }
        }
    }
    found
}

/// Where the links of a page lead to, without those to other sites and to places in itself.
fn links(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut is_code = false;
    for line in text.lines() {
        is_code ^= line.starts_with("```");
        let behind = line.split("](").skip(1);
        let targets = behind.filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
        if !is_code {
            found.extend(targets.filter(|it| !it.contains("://") && !it.starts_with('#')));
        }
    }
    found
}

#[test]
fn every_page_is_in_the_book_and_every_link_leads_to_one() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let summary = std::fs::read_to_string(docs.join("SUMMARY.md")).unwrap();
    let listed = links(&summary);
    let mut wrong = Vec::new();
    for page in pages() {
        if page != "SUMMARY.md" && !listed.contains(&page.as_str()) {
            wrong.push(format!("docs/{page} is not in docs/SUMMARY.md"));
        }
        let path = docs.join(&page);
        let text = std::fs::read_to_string(&path).unwrap();
        for link in links(&text) {
            let file = link.split('#').next().unwrap();
            if !path.parent().unwrap().join(file).exists() {
                wrong.push(format!("docs/{page}: nothing is at {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
