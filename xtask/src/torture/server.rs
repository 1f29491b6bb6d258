//! A PostgreSQL server of the torture's own: it keeps what is committed when its processes are killed, but not
//! when the machine is, and goes with all its data.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, Signal, kill_process};
use seachange::connection::open;
use seachange::server::{self, Role, Server, Settings};
use sqlx::{AssertSqlSafe, PgConnection};
use tokio::task::block_in_place;

use super::error::TortureError;
use super::place;

const CONFIGURATION: &[&str] = &[
    // Only a power cut would lose something.
    "fsync = off",
    // Files in the data folder: the other kinds may outlive a server that is killed.
    "dynamic_shared_memory_type = mmap",
    "max_wal_size = '2GB'",
    "shared_buffers = '256MB'",
    "max_connections = 200",
    "maintenance_work_mem = '128MB'",
    "log_min_messages = fatal",
    "log_min_error_statement = panic",
    "log_checkpoints = off",
];

pub(super) struct TortureServer {
    settings: Settings,
    server: Server,
}

impl TortureServer {
    /// What an earlier one of the name left behind is cleared away first.
    pub(super) async fn start(name: &str) -> Result<Self, TortureError> {
        let settings = Settings {
            home: place().join(name),
            programs: None,
        };
        if settings.home.exists() {
            let left = block_in_place(|| server::ensure(&settings, Role::Development))?;
            clear(&settings, &left);
        }
        let mut started = Self {
            server: block_in_place(|| server::ensure(&settings, Role::Development))?,
            settings,
        };
        for setting in CONFIGURATION {
            started
                .execute("postgres", &format!("ALTER SYSTEM SET {setting}"))
                .await?;
        }
        started.restart()?;
        Ok(started)
    }

    /// Through the socket.
    pub(super) fn url(&self, database: &str) -> String {
        self.server.socket_url(database)
    }

    /// Through TCP.
    pub(super) fn tcp_url(&self, database: &str) -> String {
        self.server.url(database)
    }

    pub(super) fn port(&self) -> u16 {
        self.server.port()
    }

    /// What is in it goes with the server.
    pub(super) fn home(&self) -> &Path {
        &self.settings.home
    }

    pub(super) fn data(&self) -> PathBuf {
        self.server.data()
    }

    /// SIGKILL for the postmaster: no good-bye, no checkpoint.
    pub(super) fn kill(&self) {
        if let Some(pid) = i32::try_from(self.server.pid())
            .ok()
            .and_then(Pid::from_raw)
        {
            // It is ours and runs; were it gone already, that would be as good.
            let _ = kill_process(pid, Signal::KILL);
        }
        // Whoever looks earlier takes it for one that runs.
        let folder = format!("/proc/{}/cwd", self.server.pid());
        while fs::metadata(&folder).is_ok() {
            std::thread::yield_now();
        }
    }

    /// Starts it after a kill; it recovers by itself.
    pub(super) fn start_again(&mut self) -> Result<(), TortureError> {
        self.server = block_in_place(|| server::ensure(&self.settings, Role::Development))?;
        Ok(())
    }

    /// As `pg_ctl restart -m fast` does it.
    pub(super) fn restart(&mut self) -> Result<(), TortureError> {
        block_in_place(|| server::stop(&self.settings, Role::Development))?;
        self.start_again()
    }

    pub(super) async fn connect(&self, database: &str) -> Result<PgConnection, TortureError> {
        Ok(open(&self.url(database), "torture").await?)
    }

    pub(super) async fn execute(&self, database: &str, sql: &str) -> Result<(), TortureError> {
        let mut connection = self.connect(database).await?;
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await;
        done.map_err(TortureError::sql(sql))?;
        Ok(())
    }

    /// One value as text.
    pub(super) async fn value(
        &self,
        database: &str,
        sql: &str,
    ) -> Result<Option<String>, TortureError> {
        let mut connection = self.connect(database).await?;
        let whole = format!("SELECT ({sql})::text");
        sqlx::query_scalar(AssertSqlSafe(whole))
            .fetch_one(&mut connection)
            .await
            .map_err(TortureError::sql(sql))
    }

    /// A database like the template, in place of what was there under the name.
    pub(super) async fn copy(&self, template: &str, name: &str) -> Result<(), TortureError> {
        self.drop_database(name).await?;
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template}");
        self.execute("postgres", &sql).await
    }

    pub(super) async fn drop_database(&self, name: &str) -> Result<(), TortureError> {
        let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        self.execute("postgres", &sql).await
    }
}

impl Drop for TortureServer {
    fn drop(&mut self) {
        clear(&self.settings, &self.server);
    }
}

/// Stops it, and removes everything that it wrote.
fn clear(settings: &Settings, server: &Server) {
    if let Err(error) = server::stop(settings, Role::Development) {
        eprintln!("error: the server still runs: {error}");
        return;
    }
    let data = server.data();
    // Elsewhere than in the home, where its user can't enter that.
    let base = data.parent().and_then(Path::parent);
    for folder in base.into_iter().chain([settings.home.as_path()]) {
        if let Err(error) = fs::remove_dir_all(folder)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            eprintln!("error: cannot remove `{}`: {error}", folder.display());
        }
    }
}
