//! One test database: made, connected to, dropped or kept.

use std::sync::mpsc;
use std::thread;

use sea_orm::{DatabaseConnection, SqlxPostgresConnector};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio::sync::oneshot;

use super::error::TestingError;
use super::living::{self, Living};
use super::templates::{Content, Templates};
use super::workspace::{Workspace, variable};
use crate::connection::session;
use crate::scratch::ScratchDatabase;

/// Set to `1`, it keeps the database of a test that panics.
pub const KEEP: &str = "SEACHANGE_KEEP";

/// The most connections of a pool. The server has some hundred for all tests that run at once.
const CONNECTIONS: u32 = 5;

/// A database that is one test's own. It is dropped with the value, whoever is still connected to it.
pub struct TestDatabase {
    /// Both are there until the drop.
    database: Option<ScratchDatabase>,
    living: Option<Living>,
    name: String,
    url: String,
}

/// # Panics
///
/// These are for tests: what keeps a database from being made, or connected to, is a panic that says
/// why and what to do. [`Workspace`] returns the error instead.
impl TestDatabase {
    /// With nothing in it.
    pub async fn empty() -> Self {
        Self::made(Content::Empty).await
    }

    /// With all migrations of the workspace applied.
    pub async fn migrated() -> Self {
        Self::made(Content::Migrated).await
    }

    /// With all migrations applied, and what the workspace's seed program puts into it.
    pub async fn seeded() -> Self {
        Self::made(Content::Seeded).await
    }

    /// The whole URL, password included.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its name on the server.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SeaORM's connection to it: a pool of its own.
    pub async fn connect(&self) -> DatabaseConnection {
        SqlxPostgresConnector::from_sqlx_postgres_pool(self.pool().await)
    }

    /// A pool of sqlx, with its first connection open.
    pub async fn pool(&self) -> PgPool {
        let options = session(&self.url, "test").expect("a URL that we made ourselves");
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .test_before_acquire(false)
            .connect_with(options);
        match pool.await {
            Ok(pool) => pool,
            Err(error) => panic!("cannot connect to test database `{}`: {error}", self.name),
        }
    }

    async fn made(content: Content) -> Self {
        let made = async { Self::make(&Workspace::find()?, content).await };
        match made.await {
            Ok(database) => database,
            Err(error) => panic!("no test database: {}", error.told()),
        }
    }

    pub(super) async fn make(
        workspace: &Workspace,
        content: Content,
    ) -> Result<Self, TestingError> {
        let living = Living::begin();
        let (made, making) = oneshot::channel();
        let templates = Templates::of(workspace);
        living::start(async move {
            let database = templates.database(content).await;
            // Nobody may wait for it any more.
            if let Err(Ok(unwanted)) = made.send(database) {
                dropped(unwanted).await;
            }
        });
        let database = making.await.expect("an answer, unless it panicked")?;
        Ok(Self {
            name: database.name().to_owned(),
            url: database.url().to_owned(),
            database: Some(database),
            living: Some(living),
        })
    }

    /// Leaves the database where it is, and prints where.
    fn keep(&self, database: ScratchDatabase, living: Living) {
        let (kept, keeping) = mpsc::channel();
        living.end(async move {
            // It only fails to be sent when nobody waits, and then nobody wants it.
            let _ = kept.send(database.keep("of a test that failed").await);
        });
        match keeping.recv() {
            Ok(Ok(())) => eprintln!("the test failed, and its database is kept: {}", self.url),
            Ok(Err(error)) => eprintln!("test database `{}` is not kept: {error}", self.name),
            Err(_) => eprintln!("test database `{}` is not kept", self.name),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (Some(database), Some(living)) = (self.database.take(), self.living.take()) else {
            return;
        };
        if thread::panicking() && variable(KEEP).is_some_and(|value| value != "0") {
            self.keep(database, living);
        } else {
            living.end(dropped(database));
        }
    }
}

async fn dropped(database: ScratchDatabase) {
    let name = database.name().to_owned();
    if let Err(error) = database.drop().await {
        eprintln!("test database `{name}` is left to the next run: {error}");
    }
}
