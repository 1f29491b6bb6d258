//! A small workspace in a folder of its own, and the example program that stands for its tests.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use seachange::migrations::{Body, LIB_RS, NewMigration, read, write};
use sqlx::{AssertSqlSafe, Executor};
use tempfile::TempDir;

use crate::database::{admin, admin_url, unique};

pub(crate) struct Workspace {
    root: TempDir,
    /// In its migrations, so that no other workspace's templates are like its own.
    id: String,
}

impl Workspace {
    /// Without a migration.
    pub(crate) fn new() -> Self {
        let workspace = Self {
            root: tempfile::tempdir().unwrap(),
            id: unique(),
        };
        workspace.write("migration/src/lib.rs", LIB_RS);
        workspace.write("migration/seachange.lock", "");
        workspace
    }

    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// One migration more.
    pub(crate) fn migration(&self, up: &str) {
        let folder = read(&self.root().join("migration")).unwrap();
        let name = format!("number_{}", folder.migrations.len());
        let new = NewMigration {
            at: chrono::Utc::now(),
            name: &name,
            about: "One.",
            body: Body::Sql {
                up: format!("-- {}\n{up};\n", self.id),
                down: "SELECT 1;\n".to_owned(),
            },
            schema_sql: None,
        };
        write(&folder, &new).unwrap();
    }

    /// One that can be applied once a server, because it makes the role that is returned.
    pub(crate) fn migration_that_runs_once(&self) -> String {
        let role = format!("once_{}", self.id);
        self.migration(&format!("CREATE ROLE {role}"));
        role
    }

    /// A `seed` package without dependencies.
    pub(crate) fn seed(&self, main: &str) {
        let manifest = "[workspace]\nmembers = [\"seed\"]\nresolver = \"3\"\n";
        self.write("Cargo.toml", manifest);
        let manifest = "[package]\nname = \"seed\"\nedition = \"2024\"\n";
        self.write("seed/Cargo.toml", manifest);
        self.write("seed/src/main.rs", main);
    }

    /// The example, as a test of this workspace on the tests' server.
    pub(crate) async fn program(&self, content: &str, end: &str) -> Command {
        let test = std::env::current_exe().unwrap();
        let program = test
            .ancestors()
            .nth(2)
            .unwrap()
            .join("examples/test_database");
        let mut command = Command::new(program);
        command
            .args([content, end])
            .env("CARGO_MANIFEST_DIR", self.root().join("migration"))
            .env("SEACHANGE_TEST_URL", admin_url().await)
            .env("CARGO_TARGET_DIR", self.root().join("target"))
            .env_remove("SEACHANGE_KEEP")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Drops a role that its migrations made.
    pub(crate) async fn forget(&self, role: &str) {
        let drop = format!("DROP ROLE {role}");
        let drop = sqlx::raw_sql(AssertSqlSafe(drop));
        admin().await.execute(drop).await.unwrap();
    }
}
