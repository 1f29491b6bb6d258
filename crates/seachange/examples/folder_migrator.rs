//! A migration program whose migrations are read from the folder that `MIGRATIONS` names, when it runs:
//! what the tests kill.

use std::path::PathBuf;
use std::process::ExitCode;

use sea_orm_migration::prelude::*;
use seachange::migrations::{Entry, LockFile, NO_TRANSACTION, sql_hash, text_hash};

struct Folder;

struct OnDisk {
    version: String,
    up: String,
    down: String,
}

/// Every `<version>/up.sql` with its `down.sql`.
fn read() -> Vec<OnDisk> {
    let root = PathBuf::from(std::env::var_os("MIGRATIONS").expect("MIGRATIONS names the folder"));
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&root)
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    paths.sort();
    let text = |path: PathBuf| std::fs::read_to_string(path).unwrap_or_default();
    paths
        .iter()
        .map(|path| OnDisk {
            version: path
                .file_name()
                .expect("it has a name")
                .to_string_lossy()
                .into_owned(),
            up: text(path.join("up.sql")),
            down: text(path.join("down.sql")),
        })
        .collect()
}

impl MigrationName for OnDisk {
    fn name(&self) -> &str {
        &self.version
    }
}

#[async_trait::async_trait]
impl MigrationTrait for OnDisk {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let path = format!("{}/up.sql", self.version);
        seachange::runner::execute(manager, "migrations/lib.rs", &path, &self.up).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let path = format!("{}/down.sql", self.version);
        seachange::runner::execute(manager, "migrations/lib.rs", &path, &self.down).await
    }

    fn use_transaction(&self) -> Option<bool> {
        let outside = self.up.contains(NO_TRANSACTION) || self.down.contains(NO_TRANSACTION);
        outside.then_some(false)
    }
}

#[async_trait::async_trait]
impl MigratorTrait for Folder {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        read()
            .into_iter()
            .map(|migration| Box::new(migration) as Box<dyn MigrationTrait>)
            .collect()
    }
}

fn main() -> ExitCode {
    let mut lock = LockFile::default();
    for migration in read() {
        lock.entries.push(Entry {
            files: text_hash(&[("up", &migration.up), ("down", &migration.down)]),
            up: Some(sql_hash(&migration.up)),
            down: Some(sql_hash(&migration.down)),
            parent: lock.head(),
            replaces: Vec::new(),
            contract: false,
            version: migration.version,
        });
    }
    seachange::runner::main::<Folder>(&lock.render())
}
