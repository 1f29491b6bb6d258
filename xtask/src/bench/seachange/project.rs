//! Seachange on one schema: the workspace built, and how each task is run and proven there.

use std::fmt;
use std::path::PathBuf;

use super::super::contender::{self, Contender, Measured, Task, column};
use super::super::error::BenchError;
use super::super::files::Snapshot;
use super::super::notes::{Notes, progress};
use super::super::place;
use super::super::program::{Finished, Program};
use super::super::schema::Schema;
use super::super::server::Server;
use super::workspace;

/// Beyond so many tables, the build that a new column needs is made a few times only.
const SLOW_BUILD: usize = 100;

/// How the measured programs are built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// As users run them.
    Dev,
    Release,
}

impl fmt::Display for Profile {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Dev => "cargo's dev profile",
            Self::Release => "--release",
        })
    }
}

/// The workspace of one schema.
pub(crate) struct Seachange<'a> {
    tables: usize,
    profile: Profile,
    notes: &'a Notes,
    folder: PathBuf,
    server: Option<&'a Server>,
    /// The migration package after the first migration.
    migrations: Option<Snapshot>,
}

impl<'a> Seachange<'a> {
    pub(crate) fn new(tables: usize, profile: Profile, notes: &'a Notes) -> Self {
        Self {
            tables,
            profile,
            notes,
            folder: place::bench().join(format!("seachange-{tables}")),
            server: None,
            migrations: None,
        }
    }

    pub(crate) fn on(mut self, server: &'a Server) -> Self {
        self.server = Some(server);
        self
    }

    /// Writes the workspace without a migration, and builds it.
    pub(crate) fn build(&self) -> Result<(), BenchError> {
        progress(format_args!("seachange, {} tables: building", self.tables));
        workspace::write(&self.folder, &Schema::of(self.tables))?;
        let built = self.cargo().args(["--workspace"]).run()?;
        self.notes.took(
            format_args!(
                "seachange, {} tables, cargo build of the workspace",
                self.tables
            ),
            built.sample.wall,
        );
        Ok(())
    }

    /// The workspace's own xtask, as cargo would run it.
    pub(crate) fn xtask(&self) -> Program {
        self.built("xtask")
            .env("CARGO_TARGET_DIR", place::cargo_target())
            .env("SEACHANGE_HOME", place::bench().join("servers"))
            .without("DATABASE_URL")
            .without("SEACHANGE_SCRATCH_URL")
    }

    fn built(&self, package: &str) -> Program {
        let folder = match self.profile {
            Profile::Dev => "debug",
            Profile::Release => "release",
        };
        let program = place::cargo_target().join(folder).join(package);
        let title = format!("seachange {} {package}", self.tables);
        Program::new(title, program, &self.folder)
    }

    fn cargo(&self) -> Program {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let release: &[&str] = match self.profile {
            Profile::Dev => &[],
            Profile::Release => &["--release"],
        };
        let title = format!("seachange {} build", self.tables);
        Program::new(title, cargo, &self.folder)
            .args(["build", "--quiet"])
            .args(release)
            .env("CARGO_TARGET_DIR", place::cargo_target())
    }

    fn on_database(&self, program: Program, database: &str) -> Program {
        match self.server {
            Some(server) => program.env("DATABASE_URL", server.url(database)),
            None => program,
        }
    }

    fn db(&self, words: &[&str], database: &str) -> Program {
        self.on_database(self.xtask().args(["db"]).args(words), database)
    }

    fn migration(&self, database: &str) -> Program {
        self.on_database(self.built("migration").args(["up"]), database)
    }

    fn migrated(&self) -> String {
        format!("seachange_{}_migrated", self.tables)
    }

    fn pushed(&self) -> String {
        format!("seachange_{}_pushed", self.tables)
    }

    fn snapshot(&self) -> Result<Snapshot, BenchError> {
        let copy = place::bench().join(format!("first/seachange-{}", self.tables));
        Snapshot::take(&self.folder.join("migration"), copy)
    }

    fn changed(&self) -> Result<Vec<PathBuf>, BenchError> {
        self.migrations
            .as_ref()
            .map_or_else(|| Ok(Vec::new()), Snapshot::changed)
    }
}

impl Contender for Seachange<'_> {
    fn title(&self) -> String {
        "seachange".to_owned()
    }

    fn prepare(&mut self) -> Result<(), BenchError> {
        self.build()?;
        let nothing = self.cargo().args(["--package", "xtask"]).run()?;
        let tables = self.tables;
        self.notes.took(
            format_args!("seachange, {tables} tables, cargo build with nothing to do"),
            nothing.sample.wall,
        );
        progress(format_args!("seachange, {tables} tables: preparing"));
        let (migrated, pushed) = (self.migrated(), self.pushed());
        if let Some(server) = self.server {
            server.make(&migrated)?;
            server.make(&pushed)?;
        }
        let first = self.db(&["generate", "initial"], &migrated).run()?;
        self.migrations = Some(self.snapshot()?);
        self.notes.took(
            format_args!("seachange, {tables} tables, first generate"),
            first.sample.wall,
        );
        self.cargo().args(["--workspace"]).run()?;
        self.migration(&migrated).run()?;
        self.db(&["push", "--yes"], &pushed).run()?;
        Ok(())
    }

    fn measured(&self, task: Task) -> Measured {
        match task {
            Task::GenerateColumn if self.tables > SLOW_BUILD => Measured::AtMost(2),
            _ => Measured::AsAsked,
        }
    }

    fn before(&mut self, task: Task, round: u16) -> Result<(), BenchError> {
        if task != Task::GenerateColumn {
            return Ok(());
        }
        let schema = Schema::with_column(self.tables, &column(round));
        workspace::write_entities(&self.folder, &schema)?;
        let built = self.cargo().args(["--package", "xtask"]).run()?;
        self.notes.took(
            format_args!(
                "seachange, {} tables, cargo build after a new column",
                self.tables
            ),
            built.sample.wall,
        );
        Ok(())
    }

    fn program(&self, task: Task) -> Program {
        match task {
            Task::GenerateNothing => self.db(&["generate", "again"], &self.migrated()),
            Task::GenerateColumn => self.db(&["generate", "note"], &self.migrated()),
            Task::PushNothing => self.db(&["push"], &self.pushed()),
            Task::MigrateNothing => self.migration(&self.migrated()),
        }
    }

    fn prove(&self, task: Task, finished: &Finished) -> Result<(), BenchError> {
        match task {
            Task::GenerateNothing => finished.expect(
                self.changed()?.is_empty().then_some(()),
                "it writes no migration",
            ),
            // Without a terminal and without --yes, a push that finds something to do is refused.
            Task::PushNothing | Task::MigrateNothing => Ok(()),
            Task::GenerateColumn => {
                let added = contender::adds_column(&self.changed()?)?;
                finished.expect(added.then_some(()), "its migration adds a column")
            }
        }
    }

    fn after(&mut self, task: Task) -> Result<(), BenchError> {
        match (task, &mut self.migrations) {
            (Task::GenerateColumn, Some(migrations)) => {
                migrations.restore()?;
                workspace::write_entities(&self.folder, &Schema::of(self.tables))
            }
            _ => Ok(()),
        }
    }
}
