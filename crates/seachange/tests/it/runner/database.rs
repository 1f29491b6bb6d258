//! A database for one test, gone with it.

use seachange::connection::open;
use seachange::testing;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

pub(super) struct TestDatabase {
    pub(super) url: String,
    _database: testing::TestDatabase,
}

impl TestDatabase {
    pub(super) async fn new() -> Self {
        let database = testing::TestDatabase::empty().await;
        Self {
            url: database.url().to_owned(),
            _database: database,
        }
    }

    pub(super) async fn connect(&self) -> PgConnection {
        open(&self.url, "test").await.unwrap()
    }

    pub(super) async fn execute(&self, sql: &str) {
        let mut connection = self.connect().await;
        execute(&mut connection, sql).await;
        connection.close().await.unwrap();
    }

    /// One value as text.
    pub(super) async fn value(&self, sql: &str) -> Option<String> {
        let mut connection = self.connect().await;
        let value = sqlx::query_scalar(AssertSqlSafe(format!("SELECT ({sql})::text")))
            .fetch_one(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        value
    }

    #[track_caller]
    pub(super) fn check(&self, sql: &str, expected: &str) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        async move {
            let value = self.value(sql).await;
            assert_eq!(value.as_deref(), Some(expected), "{sql} at {place}");
        }
    }

    /// The versions that SeaORM's record holds.
    pub(super) async fn applied(&self) -> Vec<String> {
        let mut connection = self.connect().await;
        let versions = sqlx::query_scalar("SELECT version FROM seaql_migrations ORDER BY version")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        versions
    }

    /// Every table, view and index that people made.
    pub(super) async fn relations(&self) -> String {
        self.value(
            "SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM pg_class \
             WHERE relnamespace = 'public'::regnamespace AND relname !~ '^sea(ql|change)_'",
        )
        .await
        .unwrap()
    }
}

pub(super) async fn execute(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}
