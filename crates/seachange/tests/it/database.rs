//! Databases for tests, in the server that `SEACHANGE_SCRATCH_URL` names or in a throwaway one.

use std::path::Path;

use seachange::connection::open;
use seachange::scratch::{SCRATCH_URL, Scratch, ScratchDatabase};
use seachange::server::{Role, Settings, ensure};
use sqlx::PgConnection;

/// An empty database, and a connection to it.
pub(crate) struct Fresh {
    pub(crate) connection: PgConnection,
    database: ScratchDatabase,
}

impl Fresh {
    pub(crate) async fn create() -> Self {
        let database = scratch().await.create().await.unwrap();
        Self {
            connection: database.connect().await.unwrap(),
            database,
        }
    }

    pub(crate) fn url(&self) -> &str {
        self.database.url()
    }

    pub(crate) async fn drop(self) {
        self.database.drop().await.unwrap();
    }
}

pub(crate) async fn scratch() -> Scratch {
    Scratch::at(admin_url().await)
}

pub(crate) async fn admin() -> PgConnection {
    open(&admin_url().await, "test").await.unwrap()
}

/// A database on the tests' server that is always there.
pub(crate) async fn admin_url() -> String {
    match std::env::var(SCRATCH_URL) {
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
