//! A database of its own for a test.

use seachange::connection::{open, with_database};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// An empty database, and a connection to it.
pub(crate) struct Fresh {
    pub(crate) connection: PgConnection,
    name: String,
}

impl Fresh {
    pub(crate) async fn create() -> Self {
        let name = format!("test_{}", uuid::Uuid::from_u128(rand::random()).simple());
        let mut admin = admin().await;
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&mut admin)
            .await
            .unwrap();
        let url = with_database(&url(), &name).unwrap();
        Self {
            connection: open(&url, "test").await.unwrap(),
            name,
        }
    }

    pub(crate) async fn drop(self) {
        self.connection.close().await.unwrap();
        let mut admin = admin().await;
        sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE {}", self.name)))
            .execute(&mut admin)
            .await
            .unwrap();
    }
}

fn url() -> String {
    std::env::var("SEACHANGE_SCRATCH_URL").unwrap()
}

async fn admin() -> PgConnection {
    open(&url(), "test").await.unwrap()
}
