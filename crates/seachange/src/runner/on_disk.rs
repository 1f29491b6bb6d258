//! A migration folder, or its lock alone, as a program that nothing has compiled: enough to tell where a database stands.

use async_trait::async_trait;
use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::program::{Member, Program};
use crate::migrations::{Folder, LockFile};

/// SeaORM's name for its record where a migrator says no other.
pub(super) const TABLE: &str = "seaql_migrations";

impl Program {
    /// The migrations as their files are now, in the order of their versions. It can be asked for
    /// `status`; it can't run.
    pub fn on_disk(folder: &Folder) -> Self {
        let members = folder
            .migrations
            .iter()
            .map(|migration| Member {
                version: migration.version.clone(),
                entry: folder.lock.entry(&migration.version).map(|entry| {
                    let mut entry = entry.clone();
                    entry.files.clone_from(&migration.hash);
                    entry
                }),
                text: migration.up_sql.clone(),
                migration: Box::new(OnDisk {
                    version: migration.version.clone(),
                }),
            })
            .collect();
        Self {
            members,
            table: TABLE.to_owned(),
            lock: folder.lock.clone(),
            lock_problems: folder.problems(),
        }
    }
}

impl Program {
    /// The migrations that a lock lists, for those who have nothing else of them. It can be asked for `status`; it
    /// can't run.
    pub fn locked(lock: &str) -> Self {
        let listed = LockFile::parse(lock).0.entries.into_iter();
        let listed = listed.map(|entry| {
            let version = entry.version;
            Box::new(OnDisk { version }) as Box<dyn MigrationTrait>
        });
        Self::new(listed.collect(), TABLE, lock)
    }
}

struct OnDisk {
    version: String,
}

impl MigrationName for OnDisk {
    fn name(&self) -> &str {
        &self.version
    }
}

#[async_trait]
impl MigrationTrait for OnDisk {
    async fn up(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration(format!(
            "`{}` is not compiled here",
            self.version
        )))
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.up(manager).await
    }
}
