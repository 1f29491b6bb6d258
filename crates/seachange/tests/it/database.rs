//! Databases for tests, in the server that the environment names or in the throwaway one.

use std::path::Path;

use seachange::connection::open;
use seachange::scratch::{SCRATCH_URL, Scratch};
use seachange::server::{Role, Settings, ensure};
use seachange::testing::{TEST_URL, TestDatabase};
use sqlx::PgConnection;

/// An empty database, and a connection to it.
pub(crate) struct Fresh {
    pub(crate) connection: PgConnection,
    database: TestDatabase,
}

impl Fresh {
    pub(crate) async fn create() -> Self {
        let database = TestDatabase::empty().await;
        Self {
            connection: open(database.url(), "test").await.unwrap(),
            database,
        }
    }

    pub(crate) fn url(&self) -> &str {
        self.database.url()
    }
}

pub(crate) async fn scratch() -> Scratch {
    Scratch::at(admin_url().await)
}

pub(crate) async fn admin() -> PgConnection {
    open(&admin_url().await, "test").await.unwrap()
}

/// The major version of the tests' server.
pub(crate) async fn version() -> u32 {
    admin().await.server_version_num().unwrap() / 10_000
}

/// A database on the tests' server that is always there.
pub(crate) async fn admin_url() -> String {
    match std::env::var(TEST_URL).or_else(|_| std::env::var(SCRATCH_URL)) {
        Ok(url) => url,
        Err(_) => tokio::task::spawn_blocking(|| {
            ensure(&settings(), Role::Throwaway)
                .unwrap()
                .socket_url("postgres")
        })
        .await
        .unwrap(),
    }
}

/// The workspace's own servers: one a test run would cost more than the tests.
pub(crate) fn settings() -> Settings {
    Settings {
        home: Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.seachange"),
        programs: None,
    }
}

/// Something that no other test is called.
pub(crate) fn unique() -> String {
    format!("{:032x}", rand::random::<u128>())
}
