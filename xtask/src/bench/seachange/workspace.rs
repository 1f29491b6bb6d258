//! The generated workspace: packages as this one's, cut from its manifests, with path dependencies
//! on its `seachange*`.

use std::path::{Path, PathBuf};

use super::super::error::BenchError;
use super::super::schema::Schema;
use super::super::{files, place};
use super::entities;

const MEMBERS: &str = r#"[workspace]
resolver = "3"
members = ["crates/db", "migration", "seed", "xtask"]

"#;

const XTASK_MANIFEST: &str = r#"[package]
name = "xtask"
version.workspace = true
edition.workspace = true
publish.workspace = true

[dependencies]
seachange-cli.workspace = true
db.workspace = true
"#;

const XTASK: &str = r#"//! Hands the entities to Seachange's commands.
#![recursion_limit = "512"]

use std::path::Path;
use std::process::ExitCode;

use seachange_cli::{Declared, Project};

fn main() -> ExitCode {
    let project = Project {
        name: "bench",
        root: Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
        declared: Declared {
            builder: db::schema,
            indexes: db::indexes,
            sql: db::SQL.into(),
            partitions_made_elsewhere: &[],
        },
        entities: "crates/db",
        migration: "migration",
        seed: "seed",
        lint: &[],
    };
    seachange_cli::main(project, &[])
}
"#;

const MIGRATOR: &str = r#"//! The migrations of this database, in the order in which they are applied.

pub use sea_orm_migration::prelude::*;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![]
    }
}
"#;

const SEED: &str = "//! There is nothing to seed.\n\nfn main() {}\n";

/// Writes the workspace, without a migration. What is in order already is left alone.
pub(super) fn write(folder: &Path, schema: &Schema) -> Result<(), BenchError> {
    let root = place::root();
    let mut written = vec![
        ("Cargo.toml".into(), manifest(&root, schema)?),
        ("xtask/Cargo.toml".into(), XTASK_MANIFEST.to_owned()),
        ("xtask/src/main.rs".into(), XTASK.to_owned()),
        ("migration/src/lib.rs".into(), MIGRATOR.to_owned()),
        ("migration/seachange.lock".into(), empty_lock(&root)?),
        ("seed/src/main.rs".into(), SEED.to_owned()),
        ("crates/db/sql/README.md".into(), String::new()),
    ];
    for same in [
        "crates/db/Cargo.toml",
        "migration/Cargo.toml",
        "migration/src/main.rs",
        "seed/Cargo.toml",
    ] {
        written.push((same.into(), files::read(&root.join(same))?));
    }
    for (path, text) in entities::sources(schema) {
        written.push((Path::new("crates/db/src").join(path), text));
    }
    for (path, text) in &written {
        files::write(&folder.join(path), text)?;
    }
    // Cargo adjusts the copy to these packages, so it is never compared.
    if !folder.join("Cargo.lock").exists() {
        let lock = files::read(&root.join("Cargo.lock"))?;
        files::write(&folder.join("Cargo.lock"), &lock)?;
    }
    remove_others(folder, &written)
}

/// The entity of the table that `with_column` widens is the only file that differs.
pub(super) fn write_entities(folder: &Path, schema: &Schema) -> Result<(), BenchError> {
    for (path, text) in entities::sources(schema) {
        files::write(&folder.join("crates/db/src").join(path), &text)?;
    }
    Ok(())
}

/// This workspace's own manifest from `[workspace.package]` on. Cargo takes packages at one place
/// below their workspaces for the same one, so each size has a version of its own.
fn manifest(root: &Path, schema: &Schema) -> Result<String, BenchError> {
    let path = root.join("Cargo.toml");
    let text = files::read(&path)?;
    let part = "[workspace.package]";
    let Some(at) = text.find(part) else {
        return Err(BenchError::Template { path, part });
    };
    let part = "\nversion = \"0.1.0\"\n";
    if !text[at..].contains(part) {
        return Err(BenchError::Template { path, part });
    }
    let version = format!("\nversion = \"0.1.{}\"\n", schema.tables.len());
    let crates = format!("path = \"{}/crates/seachange", root.display());
    Ok(MEMBERS.to_owned()
        + &text[at..]
            .replacen(part, &version, 1)
            .replace("path = \"crates/seachange", &crates))
}

/// The lock file of a folder without migrations: its comment.
fn empty_lock(root: &Path) -> Result<String, BenchError> {
    let text = files::read(&root.join("migration/seachange.lock"))?;
    Ok(text
        .lines()
        .take_while(|line| line.starts_with('#'))
        .map(|line| format!("{line}\n"))
        .collect())
}

/// What an earlier run left: its migrations.
fn remove_others(folder: &Path, written: &[(PathBuf, String)]) -> Result<(), BenchError> {
    for part in ["crates", "migration", "seed", "xtask"] {
        for name in files::below(&folder.join(part))?.into_keys() {
            let name = Path::new(part).join(name);
            if !written.iter().any(|(path, _)| *path == name) {
                files::remove_file(&folder.join(name))?;
            }
        }
    }
    Ok(())
}
