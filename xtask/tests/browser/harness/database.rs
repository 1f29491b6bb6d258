//! A test's own database, a copy of one that is filled once a run, and SQL of the test's own on it.

use std::sync::Arc;

use seachange::testing::{TestDatabase, Workspace};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};
use tokio::runtime::Runtime;

/// As many applicants as leave 10,001 applications; one fewer leaves 9,999.
const APPLICANTS: &str = "8350";

/// What is in the database.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rows {
    /// CohortFlow with 10,000 applications, by its own seed program.
    Cohort,
    /// CohortFlow with its few fixtures.
    Fixtures,
    /// What this SQL makes.
    Of(&'static str),
}

/// It is dropped with the value.
pub(crate) struct Database {
    runtime: Arc<Runtime>,
    pool: PgPool,
    made: TestDatabase,
}

/// A transaction that goes on; it ends, and is rolled back, with the value.
pub(crate) struct Held<'a> {
    runtime: &'a Runtime,
    somebody: Option<PgConnection>,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(somebody) = self.somebody.take() {
            let closed = self.runtime.block_on(somebody.close());
            assert!(std::thread::panicking() || closed.is_ok(), "{closed:?}");
        }
    }
}

impl Database {
    pub(super) fn of(rows: Rows, runtime: Arc<Runtime>) -> Self {
        let (made, pool) = runtime.block_on(async {
            let workspace = Workspace::find().unwrap();
            let made = match rows {
                Rows::Cohort => {
                    let load = ["--profile", "load", "--scale", APPLICANTS];
                    workspace.with_seed_arguments(load).seeded().await
                }
                Rows::Fixtures => workspace.seeded().await,
                Rows::Of(_) => workspace.empty().await,
            };
            let made = made.unwrap_or_else(|error| panic!("no test database: {error}"));
            let pool = made.pool().await;
            (made, pool)
        });
        let database = Self {
            runtime,
            pool,
            made,
        };
        match rows {
            Rows::Of(sql) => database.run(sql),
            Rows::Cohort | Rows::Fixtures => database.run("ANALYZE"),
        }
        database
    }

    pub(super) fn url(&self) -> &str {
        self.made.url()
    }

    /// The first column of every row, as text.
    #[track_caller]
    pub(crate) fn texts(&self, query: &str) -> Vec<String> {
        let sql = format!("SELECT coalesce(r.value::text, 'NULL') FROM ({query}) AS r(value)");
        let rows = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&self.pool);
        match self.runtime.block_on(rows) {
            Ok(rows) => rows,
            Err(error) => panic!("{error}: {query}"),
        }
    }

    /// The one value of a query, as text.
    #[track_caller]
    pub(crate) fn text(&self, query: &str) -> String {
        let mut rows = self.texts(query);
        assert_eq!(rows.len(), 1, "rows of {query}");
        rows.remove(0)
    }

    #[track_caller]
    pub(crate) fn run(&self, sql: &str) {
        let ran = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.pool);
        if let Err(error) = self.runtime.block_on(ran) {
            panic!("{error}: {sql}");
        }
    }

    /// Begins a transaction with this, which goes on until the value is dropped: somebody who is at work.
    #[track_caller]
    pub(crate) fn holds(&self, sql: &str) -> Held<'_> {
        let begun = self.runtime.block_on(async {
            let mut somebody = PgConnection::connect(self.made.url()).await?;
            let begin = format!("BEGIN; {sql}");
            sqlx::raw_sql(AssertSqlSafe(begin))
                .execute(&mut somebody)
                .await?;
            Ok::<_, sqlx::Error>(somebody)
        });
        Held {
            runtime: &self.runtime,
            somebody: Some(begun.unwrap_or_else(|error| panic!("{error}: {sql}"))),
        }
    }

    /// Waits until a query that gives a boolean gives true; the server itself looks again and again.
    #[track_caller]
    pub(crate) fn becomes(&self, condition: &str) {
        let sql = format!(
            "DO $wait$ BEGIN FOR i IN 1..1000 LOOP IF ({condition}) THEN RETURN; END IF; \
             PERFORM pg_stat_clear_snapshot(), pg_sleep(0.02); END LOOP; \
             RAISE 'this does not become true'; END $wait$"
        );
        self.run(&sql);
    }
}
