//! A migration program as a process of its own, on migrations that a test writes; and what the test waits
//! for on the server.

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use sqlx::PgConnection;
use tempfile::TempDir;

use super::database::{TestDatabase, execute};

pub(super) const M: &str = "m20260101_000000_m";

/// A database and a folder of migrations for it.
pub(super) struct Setting {
    pub(super) database: TestDatabase,
    folder: TempDir,
}

impl Setting {
    /// One migration, and a function `gate(n)` that returns `n` as soon as nobody holds the advisory lock `n`.
    pub(super) async fn new(up: &str, down: &str) -> Self {
        let database = TestDatabase::new().await;
        database
            .execute(
                "CREATE TABLE log (n int);
                 CREATE FUNCTION gate(n int) RETURNS int LANGUAGE plpgsql AS
                 $$ BEGIN PERFORM pg_advisory_xact_lock_shared(n); RETURN n; END $$",
            )
            .await;
        let setting = Self {
            database,
            folder: tempfile::tempdir().unwrap(),
        };
        setting.write(M, up, down);
        setting
    }

    pub(super) fn write(&self, version: &str, up: &str, down: &str) {
        let folder = self.folder.path().join(version);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("up.sql"), up).unwrap();
        std::fs::write(folder.join("down.sql"), down).unwrap();
    }

    pub(super) fn command(&self, arguments: &str) -> Command {
        self.command_on(&self.database.url, arguments)
    }

    pub(super) fn command_on(&self, url: &str, arguments: &str) -> Command {
        let test = std::env::current_exe().unwrap();
        let program: PathBuf = test
            .ancestors()
            .nth(2)
            .unwrap()
            .join("examples/folder_migrator");
        let mut command = Command::new(program);
        command
            .args(arguments.split_whitespace())
            .env("DATABASE_URL", url)
            .env("MIGRATIONS", self.folder.path())
            .env_remove("DATABASE_SCHEMA")
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it to its end; returns what it printed on both.
    #[track_caller]
    pub(super) fn run(&self, arguments: &str, code: i32) -> String {
        finished(self.command(arguments).output().unwrap(), code)
    }

    /// Begins a run, waits until `sql` is true, and kills it.
    pub(super) async fn kill_when(&self, arguments: &str, sql: &str) {
        let mut child = self.spawn_until(arguments, sql).await;
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Begins a run and waits until `sql` is true.
    pub(super) async fn spawn_until(&self, arguments: &str, sql: &str) -> Child {
        let mut child = self.command(arguments).spawn().unwrap();
        let mut connection = self.database.connect().await;
        let begun = Instant::now();
        while !is(&mut connection, sql).await {
            let ended = child.try_wait().unwrap().is_some();
            if ended || begun.elapsed() > Duration::from_secs(60) {
                let _ = child.kill();
                let output = child.wait_with_output().unwrap();
                panic!("never: {sql}\n{}", finished_any(&output));
            }
            tokio::task::yield_now().await;
        }
        child
    }

    /// Holds the gates until they are opened.
    pub(super) async fn hold(&self, gates: impl IntoIterator<Item = i32>) -> PgConnection {
        let mut connection = self.database.connect().await;
        for gate in gates {
            execute(&mut connection, &format!("SELECT pg_advisory_lock({gate})")).await;
        }
        connection
    }

    pub(super) async fn check(&self, sql: &str, expected: &str) {
        let value = self.database.value(sql).await;
        assert_eq!(value.as_deref(), Some(expected), "{sql}");
    }

    /// Ends the session that the migrations run in.
    pub(super) async fn terminate_work(&self) {
        self.database
            .execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND application_name = 'seachange migration'",
            )
            .await;
    }
}

pub(super) async fn is(connection: &mut PgConnection, sql: &str) -> bool {
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "SELECT coalesce(({sql})::boolean, false)"
    )))
    .fetch_one(connection)
    .await
    .unwrap()
}

pub(super) async fn open(holder: &mut PgConnection, gate: i32) {
    execute(holder, &format!("SELECT pg_advisory_unlock({gate})")).await;
}

/// The condition that somebody waits at this gate.
pub(super) fn waits_at(gate: i32) -> String {
    format!(
        "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = {gate} \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
}

/// The condition that the migration's session waits for a lock with a query that begins so.
pub(super) fn waits_with(query: &str) -> String {
    format!(
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() \
         AND application_name = 'seachange migration' AND wait_event_type = 'Lock' AND query LIKE '{query}%'"
    )
}

#[track_caller]
pub(super) fn finished(output: Output, code: i32) -> String {
    let text = finished_any(&output);
    assert_eq!(output.status.code(), Some(code), "{text}");
    text
}

fn finished_any(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
