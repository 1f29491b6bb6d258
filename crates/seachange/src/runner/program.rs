//! What was compiled into the binary: the migrations in their order, and the lock they were locked by.

use sea_orm::{DbBackend, MockDatabase};
use sea_orm_migration::{MigrationTrait, MigratorTrait, SchemaManager};

use super::event::{Direction, Planned, SqlFile};
use super::sink;
use crate::migrations::{Entry, LockFile, Problem, in_transaction, is_contract, sql_hash};

/// A migrator with its lock.
pub struct Program {
    pub(super) members: Vec<Member>,
    /// SeaORM's record table.
    pub(super) table: String,
    pub(super) lock: LockFile,
    /// What is wrong with the lock's own text.
    pub(super) lock_problems: Vec<Problem>,
}

/// One migration of the program.
pub(super) struct Member {
    pub(super) version: String,
    pub(super) migration: Box<dyn MigrationTrait>,
    /// How it was locked; none when it never was, which migrations that other tools wrote are not.
    pub(super) entry: Option<Entry>,
    /// Its `up.sql`, where nothing was compiled that could be asked.
    pub(super) text: Option<String>,
}

/// What a migration is known to do before it is run.
pub(super) enum Known {
    /// This SQL and nothing else.
    Sql(SqlFile),
    /// Only running it will tell.
    Rust,
    /// It was locked as SQL, but this is not what was locked.
    Mismatch,
}

impl Program {
    /// A migrator and the text of its `seachange.lock`.
    pub fn of<M: MigratorTrait>(lock: &str) -> Self {
        let table = M::migration_table_name().to_string();
        Self::new(M::migrations(), &table, lock)
    }

    /// Migrations in their order, the name of the record table, and the text of the lock.
    pub fn new(migrations: Vec<Box<dyn MigrationTrait>>, table: &str, lock: &str) -> Self {
        let (lock, mut lock_problems) = LockFile::parse(lock);
        lock_problems.extend(lock.problems());
        let members = migrations
            .into_iter()
            .map(|migration| Member {
                version: migration.name().to_owned(),
                entry: lock.entry(migration.name()).cloned(),
                text: None,
                migration,
            })
            .collect();
        Self {
            members,
            table: table.to_owned(),
            lock,
            lock_problems,
        }
    }

    pub(super) fn member(&self, version: &str) -> Option<&Member> {
        self.members.iter().find(|one| one.version == version)
    }
}

impl Member {
    /// Asks the migration what it would do, without a database: a migration that was locked as SQL
    /// hands over its text and touches nothing else. One in Rust is not asked, since it might.
    pub(super) async fn known(&self, direction: Direction) -> Known {
        let Some(entry) = self.entry.as_ref().filter(|entry| entry.is_sql()) else {
            return Known::Rust;
        };
        let locked = match direction {
            Direction::Up => &entry.up,
            Direction::Down => &entry.down,
        };
        // Answers every query with an error: SQL that goes past `sql_file!` is not what was locked.
        let nowhere = MockDatabase::new(DbBackend::Postgres).into_connection();
        let manager = SchemaManager::new(&nowhere);
        let (result, mut files) = sink::record(self.run(direction, &manager)).await;
        match (result, files.pop(), files.is_empty()) {
            (Ok(()), Some(file), true) if Some(sql_hash(&file.text)) == *locked => Known::Sql(file),
            _ => Known::Mismatch,
        }
    }

    /// Whether it asks to be held back until no code needs what it takes away.
    pub(super) async fn is_contract(&self) -> bool {
        match (&self.text, self.known(Direction::Up).await) {
            (Some(text), _) => is_contract(text),
            (None, Known::Sql(file)) => is_contract(&file.text),
            // Without the SQL, the lock tells.
            (None, Known::Rust | Known::Mismatch) => {
                (self.entry.as_ref()).is_some_and(|entry| entry.contract)
            }
        }
    }

    /// Whether this way runs in one transaction with its record.
    pub(super) fn in_transaction(&self, known: &Known) -> bool {
        match known {
            // One way may need what the other does not; SeaORM knows one answer for both.
            Known::Sql(file) => in_transaction(&file.text),
            Known::Rust | Known::Mismatch => self.migration.use_transaction() != Some(false),
        }
    }

    /// What a dry run says of it.
    pub(super) fn planned(&self, direction: Direction, known: Known) -> Planned {
        Planned {
            version: self.version.clone(),
            direction,
            transaction: self.in_transaction(&known),
            sql: match known {
                Known::Sql(file) => Some(file),
                Known::Rust | Known::Mismatch => None,
            },
        }
    }

    pub(super) async fn run(
        &self,
        direction: Direction,
        manager: &SchemaManager<'_>,
    ) -> Result<(), sea_orm::DbErr> {
        match direction {
            Direction::Up => self.migration.up(manager).await,
            Direction::Down => self.migration.down(manager).await,
        }
    }
}
