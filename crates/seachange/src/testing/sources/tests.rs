//! What belongs to a package's program and what doesn't, in a small workspace.

use super::*;

const FILES: [(&str, &str); 9] = [
    (
        "Cargo.toml",
        "[workspace.dependencies]\ndb = { path = \"crates/db\", version = \"1\" }\nserde = \"1\"\n",
    ),
    ("Cargo.lock", ""),
    (
        "seed/Cargo.toml",
        "[dependencies]\ndb.workspace = true\nserde = { workspace = true }\n\n\
         [dev-dependencies]\nother = { path = \"../other\" }\n",
    ),
    ("seed/src/main.rs", "fn main() {}"),
    ("seed/tests/it.rs", ""),
    (
        "crates/db/Cargo.toml",
        "[dependencies.names]\npath = \"../names\"\n",
    ),
    ("crates/db/sql/a.sql", "SELECT 1"),
    ("crates/names/Cargo.toml", "[package]\nname = \"names\"\n"),
    ("other/Cargo.toml", ""),
];

fn workspace() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in FILES {
        write(root.path(), path, text);
    }
    root
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn what_makes_the_program_makes_the_hash() {
    let root = workspace();
    let hash = || hash(root.path(), "seed").unwrap();
    let mut before = hash();
    assert_eq!(before, hash());
    for path in [
        "Cargo.lock",
        "seed/src/main.rs",
        "seed/src/new.rs",
        "seed/data/rows.json",
        "crates/db/sql/a.sql",
        "crates/names/src/lib.rs",
    ] {
        write(root.path(), path, "changed");
        let after = hash();
        assert_ne!(before, after, "{path}");
        before = after;
    }
    for path in [
        "seed/tests/it.rs",
        "seed/.hidden",
        "seed/target/x",
        "other/Cargo.toml",
        "README.md",
    ] {
        write(root.path(), path, "changed");
        assert_eq!(before, hash(), "{path}");
    }
}

#[test]
fn a_package_that_is_not_there_is_named() {
    let root = workspace();
    let error = hash(root.path(), "fixtures").unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the package `fixtures` has no `"),
        "{error}"
    );
}

#[test]
fn dependencies_are_found_in_each_spelling() {
    let manifest = "[package]\nname = \"x\"\npath = \"no\"\n\n[dependencies]\na = { path = \"../a\" }\n\
                    b = { version = \"1\", path=\"b\" }\n\"h\" = { features = [\n\"x\",\n], path = \"h\" }\nc.workspace = true\nd = \"1\"\n\n\
                    [target.'cfg(unix)'.dependencies]\ne = { path = \"/e\" }\n\n\
                    [build-dependencies.f]\npath = \"../f/.\"\n\n\
                    [dev-dependencies]\ng = { path = \"../g\" }\n[lib]\npath = \"src/x.rs\"\n";
    let shared = "c = { path = \"c\" }".parse().unwrap();
    let manifest = manifest.parse().unwrap();
    let mut found = needed(&manifest, Path::new("/w/x"), &shared, Path::new("/w"));
    found.sort();
    found.dedup();
    let expected = ["/e", "/w/a", "/w/c", "/w/f", "/w/x/b", "/w/x/h"];
    assert_eq!(found, expected.map(PathBuf::from));
}

#[test]
fn a_manifest_that_is_none_is_an_error() {
    let root = workspace();
    write(root.path(), "seed/Cargo.toml", "[dependencies\n");
    let error = hash(root.path(), "seed").unwrap_err();
    assert!(error.to_string().contains("seed/Cargo.toml"), "{error}");
}
