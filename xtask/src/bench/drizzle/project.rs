//! drizzle-kit on one schema: its folder, and how each task is run and proven there.

use std::path::PathBuf;

use super::super::contender::{self, Contender, Measured, Task, column};
use super::super::error::BenchError;
use super::super::files::{self, Snapshot};
use super::super::notes::{Notes, progress};
use super::super::program::{Finished, Program};
use super::super::schema::Schema;
use super::super::server::Server;
use super::install::Release;
use super::schema_ts::schema_ts;

const CONFIG: &str = r#"export default {
  dialect: "postgresql",
  schema: "./schema.ts",
  out: "./migrations",
  dbCredentials: { url: process.env.DATABASE_URL },
};
"#;

/// With how many tables the push that asks for each table by itself takes minutes.
const SLOW_PUSH: usize = 100;

pub(crate) struct DrizzleKit<'a> {
    release: Release,
    tables: usize,
    /// Whether what takes minutes is measured as well.
    slow: bool,
    server: &'a Server,
    notes: &'a Notes,
    folder: PathBuf,
    /// The migrations folder after the first migration.
    migrations: Option<Snapshot>,
}

impl<'a> DrizzleKit<'a> {
    pub(crate) fn new(
        release: Release,
        tables: usize,
        server: &'a Server,
        notes: &'a Notes,
    ) -> Self {
        Self {
            release,
            tables,
            slow: false,
            server,
            notes,
            folder: release.folder().join(tables.to_string()),
            migrations: None,
        }
    }

    /// Measures what takes minutes as well.
    pub(crate) fn with_slow(mut self) -> Self {
        self.slow = true;
        self
    }

    fn migrated(&self) -> String {
        format!("drizzle_{}_{}_migrated", self.release.kit, self.tables)
    }

    fn pushed(&self) -> String {
        format!("drizzle_{}_{}_pushed", self.release.kit, self.tables)
    }

    fn slow_push(&self) -> bool {
        self.release.slow_push && self.tables > SLOW_PUSH
    }

    fn kit(&self, command: &str, database: &str) -> Program {
        let title = format!("drizzle {} {} {command}", self.release.kit, self.tables);
        Program::new(title, "node", &self.folder)
            .args([self.release.program()])
            .args([command])
            .env("DATABASE_URL", self.server.url(database))
    }

    fn write(&self, schema: &Schema) -> Result<(), BenchError> {
        files::write(&self.folder.join("schema.ts"), &schema_ts(schema))
    }

    fn changed(&self) -> Result<Vec<PathBuf>, BenchError> {
        self.migrations
            .as_ref()
            .map_or_else(|| Ok(Vec::new()), Snapshot::changed)
    }
}

impl Contender for DrizzleKit<'_> {
    fn title(&self) -> String {
        format!("drizzle-kit {}", self.release.kit)
    }

    fn prepare(&mut self) -> Result<(), BenchError> {
        progress(format_args!(
            "{}, {} tables: preparing",
            self.title(),
            self.tables
        ));
        let migrations = self.folder.join("migrations");
        files::remove(&migrations)?;
        files::write(&self.folder.join("drizzle.config.ts"), CONFIG)?;
        self.write(&Schema::of(self.tables))?;
        let (migrated, pushed) = (self.migrated(), self.pushed());
        let first = self.kit("generate", &migrated).run()?;
        self.migrations = Some(Snapshot::take(&migrations, self.folder.join("first"))?);
        self.notes.took(
            format_args!("{}, {} tables, first generate", self.title(), self.tables),
            first.sample.wall,
        );
        self.server.make(&migrated)?;
        let migrate = self.kit("migrate", &migrated).run()?;
        self.prove(Task::MigrateNothing, &migrate)?;
        if !self.slow_push() || self.slow {
            self.server.make(&pushed)?;
            let push = self.kit("push", &pushed).args(["--force"]).run()?;
            push.expect(says(&push, "Changes applied"), "it applies the schema")?;
        }
        Ok(())
    }

    fn measured(&self, task: Task) -> Measured {
        match (task, self.slow_push(), self.slow) {
            (Task::PushNothing, true, false) => {
                Measured::Not("takes minutes, measured with --full".to_owned())
            }
            (Task::PushNothing, true, true) => Measured::AtMost(1),
            _ => Measured::AsAsked,
        }
    }

    fn before(&mut self, task: Task, round: u16) -> Result<(), BenchError> {
        match task {
            Task::GenerateColumn => self.write(&Schema::with_column(self.tables, &column(round))),
            Task::GenerateNothing | Task::PushNothing | Task::MigrateNothing => Ok(()),
        }
    }

    fn program(&self, task: Task) -> Program {
        match task {
            Task::GenerateNothing | Task::GenerateColumn => self.kit("generate", &self.migrated()),
            Task::PushNothing => self.kit("push", &self.pushed()),
            Task::MigrateNothing => self.kit("migrate", &self.migrated()),
        }
    }

    fn prove(&self, task: Task, finished: &Finished) -> Result<(), BenchError> {
        match task {
            Task::GenerateNothing => finished.expect(
                self.changed()?.is_empty().then_some(()),
                "it writes no migration",
            ),
            Task::PushNothing => {
                finished.expect(says(finished, "No changes detected"), "it finds no changes")
            }
            // It ends with 0 when it fails, too.
            Task::MigrateNothing => finished.expect(
                says(finished, "migrations applied successfully"),
                "it succeeds",
            ),
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
                self.write(&Schema::of(self.tables))
            }
            _ => Ok(()),
        }
    }
}

fn says(finished: &Finished, words: &str) -> Option<()> {
    finished.output.contains(words).then_some(())
}
