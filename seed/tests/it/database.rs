//! A database of its own for each test, as the migrations make it.

use sea_orm::DatabaseConnection;
use seachange::testing;

/// A database that is there as long as this value.
pub(crate) struct TestDatabase {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) connection: DatabaseConnection,
    _database: testing::TestDatabase,
}

impl TestDatabase {
    /// A database with CohortFlow's schema and no rows.
    pub(crate) async fn create() -> Self {
        Self::of(testing::TestDatabase::migrated().await).await
    }

    pub(crate) async fn create_empty() -> Self {
        Self::of(testing::TestDatabase::empty().await).await
    }

    /// A database with the fixtures in it.
    pub(crate) async fn seeded() -> Self {
        Self::of(testing::TestDatabase::seeded().await).await
    }

    async fn of(database: testing::TestDatabase) -> Self {
        Self {
            name: database.name().to_owned(),
            url: database.url().to_owned(),
            connection: database.connect().await,
            _database: database,
        }
    }
}
