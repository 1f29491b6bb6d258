//! A test's own database on the throwaway server, with the migrations applied and the fixtures in it.
//! The first test makes it through the real commands and seals it; all others clone that.

use seachange::connection::open;
use seachange::scratch::{SCRATCH_URL, Scratch, ScratchDatabase, TemplateKey};
use seachange::server::{Role, Settings, ensure};
use sqlx::{AssertSqlSafe, PgConnection};
use tokio::runtime::Runtime;

use super::rows::Rows;
use super::sources;

/// Where databases for tests are made.
pub(crate) struct Server {
    runtime: Runtime,
    /// A database on it that is always there.
    pub(crate) url: String,
    scratch: Scratch,
}

impl Server {
    /// That of the environment, else the repository's throwaway one.
    pub(crate) fn find() -> Self {
        let url = std::env::var(SCRATCH_URL).unwrap_or_else(|_| {
            let settings = Settings {
                home: sources::repository().join(".seachange"),
                programs: None,
            };
            ensure(&settings, Role::Throwaway)
                .unwrap()
                .socket_url("postgres")
        });
        Self {
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            scratch: Scratch::at(url.clone()),
            url,
        }
    }

    /// A copy of the database that `fill` makes of an empty one; it is made once for all tests.
    pub(super) fn filled(&self, hash: &str, fill: impl FnOnce(&str)) -> ScratchDatabase {
        let key = TemplateKey::new("guide", hash);
        let (scratch, runtime) = (&self.scratch, &self.runtime);
        let _building = runtime.block_on(scratch.building(&key)).unwrap();
        let template = match runtime.block_on(scratch.template(&key)).unwrap() {
            Some(template) => template,
            None => {
                let empty = self.empty();
                fill(empty.url());
                runtime.block_on(scratch.seal(empty, &key)).unwrap()
            }
        };
        runtime.block_on(scratch.clone_of(&template)).unwrap()
    }

    /// One with nothing in it.
    pub(crate) fn empty(&self) -> ScratchDatabase {
        self.runtime.block_on(self.scratch.create()).unwrap()
    }

    pub(crate) fn drop(&self, database: ScratchDatabase) {
        self.runtime.block_on(database.drop()).unwrap();
    }

    pub(crate) fn execute(&self, database: &str, sql: &str) -> Result<(), sqlx::Error> {
        self.on(database, async |connection| {
            sqlx::raw_sql(AssertSqlSafe(sql))
                .execute(connection)
                .await
                .map(drop)
        })
    }

    /// The first column of every row, as text.
    pub(super) fn texts(&self, database: &str, query: &str) -> Vec<String> {
        self.on(database, async |connection| {
            sqlx::query_scalar(AssertSqlSafe(query))
                .fetch_all(connection)
                .await
                .unwrap()
        })
    }

    pub(super) fn rows(&self, database: &str) -> Rows {
        self.on(database, Rows::read)
    }

    /// On a connection that is gone afterwards: none must be there when a database is dropped.
    fn on<T>(&self, database: &str, work: impl AsyncFnOnce(&mut PgConnection) -> T) -> T {
        self.runtime.block_on(async {
            let mut connection = open(database, "test").await.unwrap();
            work(&mut connection).await
        })
    }
}
