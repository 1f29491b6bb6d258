//! Migrators made in a test, as the compiler would make them from a folder.

use std::sync::Arc;

use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};
use seachange::migrations::{Entry, LockFile, NO_TRANSACTION, is_contract, sql_hash, text_hash};
use seachange::runner::{
    Allow, Event, Extent, Interrupt, Program, Run, RunnerError, Settings, Target,
};

/// A migration in SQL.
#[derive(Clone)]
pub(super) struct Sql {
    pub(super) version: &'static str,
    pub(super) up: String,
    pub(super) down: String,
}

/// A migration in Rust: an UPDATE that a person wrote.
pub(super) struct Backfill(pub(super) &'static str, pub(super) &'static str);

pub(super) fn sql(version: &'static str, up: &str, down: &str) -> Sql {
    Sql {
        version,
        up: up.to_owned(),
        down: down.to_owned(),
    }
}

/// `m…_a` makes table `a`, and so on.
pub(super) fn table(version: &'static str) -> Sql {
    let name = version.rsplit('_').next().unwrap();
    sql(
        version,
        &format!("CREATE TABLE {name} (id int);\n"),
        &format!("DROP TABLE {name};\n"),
    )
}

impl MigrationName for Sql {
    fn name(&self) -> &str {
        self.version
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Sql {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let path = format!("{}/up.sql", self.version);
        seachange::runner::execute(manager, "migration/src/m.rs", &path, &self.up).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let path = format!("{}/down.sql", self.version);
        seachange::runner::execute(manager, "migration/src/m.rs", &path, &self.down).await
    }

    fn use_transaction(&self) -> Option<bool> {
        let outside = self.up.contains(NO_TRANSACTION) || self.down.contains(NO_TRANSACTION);
        outside.then_some(false)
    }
}

impl MigrationName for Backfill {
    fn name(&self) -> &str {
        self.0
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Backfill {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(self.1).await?;
        Ok(())
    }
}

/// A migrator with the lock that belongs to it.
#[derive(Default)]
pub(super) struct Migrator {
    migrations: Vec<Box<dyn MigrationTrait>>,
    pub(super) lock: LockFile,
}

impl Migrator {
    pub(super) fn of(migrations: &[Sql]) -> Self {
        let mut migrator = Self::default();
        for migration in migrations {
            migrator = migrator.sql(migration.clone());
        }
        migrator
    }

    pub(super) fn sql(mut self, migration: Sql) -> Self {
        self.lock.entries.push(Entry {
            version: migration.version.to_owned(),
            files: text_hash(&[("up", &migration.up), ("down", &migration.down)]),
            up: Some(sql_hash(&migration.up)),
            down: Some(sql_hash(&migration.down)),
            parent: self.lock.head(),
            replaces: Vec::new(),
            contract: is_contract(&migration.up),
        });
        self.migrations.push(Box::new(migration));
        self
    }

    pub(super) fn rust(mut self, migration: impl MigrationTrait + 'static) -> Self {
        self.lock.entries.push(Entry {
            version: migration.name().to_owned(),
            files: text_hash(&[("rs", migration.name())]),
            up: None,
            down: None,
            parent: self.lock.head(),
            replaces: Vec::new(),
            contract: false,
        });
        self.migrations.push(Box::new(migration));
        self
    }

    /// Without a line in the lock.
    pub(super) fn unlocked(mut self, migration: impl MigrationTrait + 'static) -> Self {
        self.migrations.push(Box::new(migration));
        self
    }

    pub(super) fn program(self) -> Program {
        let lock = self.lock.render();
        Program::new(self.migrations, "seaql_migrations", &lock)
    }
}

/// What a call did.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) result: Result<(), RunnerError>,
    pub(super) events: Vec<Event>,
}

impl Outcome {
    /// The versions that were gone through.
    #[track_caller]
    pub(super) fn done(&self) -> Vec<&str> {
        assert!(self.result.is_ok(), "{:?}", self.result);
        self.gone_through()
    }

    pub(super) fn gone_through(&self) -> Vec<&str> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::Done(done) => Some(done.version.as_str()),
                _ => None,
            })
            .collect()
    }

    #[track_caller]
    pub(super) fn error(&self) -> &RunnerError {
        self.result.as_ref().expect_err("it should have failed")
    }

    /// The codes of what was refused.
    #[track_caller]
    pub(super) fn refused(&self) -> Vec<&str> {
        match self.error() {
            RunnerError::Refused(refusals) => refusals.iter().map(|one| one.code()).collect(),
            other => panic!("{other}"),
        }
    }
}

pub(super) async fn up(program: &Program, url: &str, extent: Extent) -> Outcome {
    call(
        program,
        url,
        &Settings::default(),
        Interrupt::never(),
        Command::Up(extent),
    )
    .await
}

pub(super) async fn down(program: &Program, url: &str, extent: Extent) -> Outcome {
    call(
        program,
        url,
        &Settings::default(),
        Interrupt::never(),
        Command::Down(extent),
    )
    .await
}

pub(super) async fn up_allowing(program: &Program, url: &str, allow: Allow) -> Outcome {
    let settings = Settings {
        allow: [allow].into(),
        ..Settings::default()
    };
    call(
        program,
        url,
        &settings,
        Interrupt::never(),
        Command::Up(Extent::All),
    )
    .await
}

pub(super) enum Command {
    Up(Extent),
    Down(Extent),
    Fresh,
    Refresh,
}

pub(super) async fn call(
    program: &Program,
    url: &str,
    settings: &Settings,
    interrupt: Interrupt,
    command: Command,
) -> Outcome {
    let events = Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = Arc::clone(&events);
    let mut observe = move |event| seen.lock().unwrap().push(event);
    let target = Target::new(url);
    let mut run = Run {
        program,
        target: &target,
        settings,
        interrupt,
        observe: &mut observe,
    };
    let result = match command {
        Command::Up(extent) => seachange::runner::up(&mut run, &extent).await,
        Command::Down(extent) => seachange::runner::down(&mut run, &extent).await,
        Command::Fresh => seachange::runner::fresh(&mut run).await,
        Command::Refresh => seachange::runner::refresh(&mut run).await,
    };
    let events = std::mem::take(&mut *events.lock().unwrap());
    Outcome { result, events }
}
