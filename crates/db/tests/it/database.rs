//! A database of its own for each test, built from the entities and the SQL beside them: a test of
//! theirs must not wait for the migration.

use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseConnection};
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
        let database = Self::create_empty().await;
        build(&database.connection).await;
        database
    }

    pub(crate) async fn create_empty() -> Self {
        let database = testing::TestDatabase::empty().await;
        Self {
            name: database.name().to_owned(),
            url: database.url().to_owned(),
            connection: database.connect().await,
            _database: database,
        }
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
