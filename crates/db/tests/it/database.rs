//! A database of its own for each test, built from the entities and the SQL beside them.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use seachange::connection::with_database;
use seachange::server::{self, Role, Server, Settings};

/// A database that is there as long as this value.
pub(crate) struct TestDatabase {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) connection: DatabaseConnection,
}

impl TestDatabase {
    /// A database with CohortFlow's schema and no rows.
    pub(crate) async fn create() -> Self {
        let database = Self::create_empty().await;
        build(&database.connection).await;
        database
    }

    pub(crate) async fn create_empty() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "cohortflow_test_{}_{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        admin(&format!("CREATE DATABASE {name}")).await;
        let url = url(&name);
        let connection = Database::connect(&url)
            .await
            .expect("connects to the test database");
        Self {
            name,
            url,
            connection,
        }
    }
}

impl Drop for TestDatabase {
    /// On a thread with a runtime of its own, because the test's is busy with this; so that a
    /// failing test leaves no database behind either.
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("starts a runtime")
                .block_on(admin(&drop));
        })
        .join()
        .expect("drops the database");
    }
}

/// Builds the schema as the tool does: SQL before, tables, indexes, SQL after.
async fn build(connection: &DatabaseConnection) {
    run_folder(connection, "before").await;
    db::schema()
        .apply(connection)
        .await
        .expect("creates the tables");
    for index in db::indexes() {
        connection.execute(&index).await.expect("creates the index");
    }
    run_folder(connection, "after").await;
}

async fn run_folder(connection: &DatabaseConnection, folder: &str) {
    let mut files: Vec<_> = std::fs::read_dir(Path::new(db::SQL).join(folder))
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    files.sort();
    for file in files {
        let sql = std::fs::read_to_string(&file).expect("the file can be read");
        connection
            .execute_unprepared(&sql)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}

async fn admin(sql: &str) {
    let connection = Database::connect(url("postgres"))
        .await
        .expect("connects to the server");
    connection.execute_unprepared(sql).await.expect(sql);
    connection.close().await.expect("closes the pool");
}

/// The URL of a database on the server that `SEACHANGE_SCRATCH_URL` names, else on the workspace's
/// throwaway server, which is started when it doesn't run and left running.
fn url(database: &str) -> String {
    static SERVER: LazyLock<Server> = LazyLock::new(|| {
        let workspace = Path::new(db::SQL)
            .ancestors()
            .nth(3)
            .expect("crates/db/sql below it");
        let settings = Settings {
            home: workspace.join(".seachange"),
            programs: std::env::var_os("SEACHANGE_PG_BIN").map(PathBuf::from),
        };
        server::ensure(&settings, Role::Throwaway).expect("starts the throwaway server")
    });
    match std::env::var("SEACHANGE_SCRATCH_URL") {
        Ok(url) => with_database(&url, database).expect("SEACHANGE_SCRATCH_URL is a URL"),
        Err(_) => SERVER.socket_url(database),
    }
}
