//! What is in the tables afterwards.

use std::process::Command;

use sea_orm::{ConnectionTrait, DatabaseConnection, EntityTrait, Set, Statement};

use crate::command::{run, seed};
use crate::database::TestDatabase;

const TABLES: [&str; 7] = [
    "users",
    "programs",
    "applications",
    "files",
    "reviews",
    "comments",
    "audit_logs",
];

#[tokio::test]
async fn the_counts_are_those_of_the_tables() {
    let database = TestDatabase::create().await;
    let stdout = seed(&["--database-url", &database.url, "--json"]).succeeded();
    let report: serde_json::Value = serde_json::from_str(&stdout).expect("is JSON");
    crate::published::hold_to("db-seed", &report);
    let mut counted = Vec::new();
    for table in TABLES {
        let rows = rows(&database.connection, table).await.len();
        counted.push(serde_json::json!({ "table": table, "rows": rows }));
    }
    assert_eq!(
        report,
        serde_json::json!({ "version": 1, "outcome": "seeded", "tables": counted })
    );

    let stdout = seed(&["--database-url", &database.url]).succeeded();
    assert!(
        stdout.starts_with(
            "users               13\nprograms             1\napplications        10\n"
        ),
        "{stdout}"
    );
    assert_eq!(stdout.lines().count(), TABLES.len());
}

#[tokio::test]
async fn twice_gives_the_same_rows() {
    let database = TestDatabase::create().await;
    seed(&["--database-url", &database.url]).succeeded();
    let first = everything(&database.connection).await;
    assert!(first.iter().all(|rows| !rows.is_empty()));
    seed(&["--database-url", &database.url]).succeeded();
    assert_eq!(everything(&database.connection).await, first);

    // And in the database that all tests copy.
    let other = TestDatabase::seeded().await;
    assert_eq!(everything(&other.connection).await, first);
}

#[tokio::test]
async fn changed_and_deleted_rows_come_back_and_others_stay() {
    let database = TestDatabase::seeded().await;
    let connection = &database.connection;
    let first = everything(connection).await;
    let added = "00000000-0000-4000-8000-000000000001";
    for change in [
        "UPDATE users SET name = 'Nobody', role = 'reviewer'",
        "UPDATE applications SET status = 'draft', current_stage = 0, data = '{}'",
        "DELETE FROM reviews",
        "DELETE FROM comments",
        &format!("INSERT INTO users (id, email, name) VALUES ('{added}', 'me@example.org', 'Me')"),
    ] {
        connection.execute_unprepared(change).await.expect(change);
    }
    seed(&["--database-url", &database.url]).succeeded();
    let mut after = everything(connection).await;
    let before = after[0].len();
    after[0].retain(|row| !row.contains(added));
    assert_eq!(after[0].len(), before - 1);
    assert_eq!(after, first);
}

#[tokio::test]
async fn a_failing_run_leaves_nothing() {
    let database = TestDatabase::create().await;
    let connection = &database.connection;
    // The last table to be written refuses, when the six before are done.
    connection
        .execute_unprepared("ALTER TABLE audit_logs ADD CONSTRAINT never CHECK (false)")
        .await
        .expect("adds the constraint");
    let stderr = seed(&["--database-url", &database.url]).failed(1);
    assert!(
        stderr.contains("cannot write `audit_logs`; nothing was changed"),
        "{stderr}"
    );
    assert!(
        stderr.contains("violates check constraint \"never\""),
        "{stderr}"
    );
    assert!(everything(connection).await.iter().all(Vec::is_empty));
}

#[tokio::test]
async fn a_value_that_another_row_holds_is_named_and_nothing_is_changed() {
    let database = TestDatabase::create().await;
    let connection = &database.connection;
    let other = db::users::ActiveModel {
        email: Set("Coordinator@CohortFlow.org".to_owned()),
        name: Set("Somebody else".to_owned()),
        ..Default::default()
    };
    db::users::Entity::insert(other)
        .exec(connection)
        .await
        .expect("inserts");
    let before = everything(connection).await;
    let stderr = seed(&["--database-url", &database.url]).failed(1);
    assert!(
        stderr.contains("another row of `users` holds a fixture's value already: Key (lower(email))=(coordinator@cohortflow.org) (`users_email_lower_key`)"),
        "{stderr}"
    );
    assert!(
        stderr.contains("help: change or delete that row"),
        "{stderr}"
    );
    assert_eq!(everything(connection).await, before);
}

#[tokio::test]
async fn the_url_may_come_from_the_environment_or_from_a_file() {
    let database = TestDatabase::create().await;
    let folder = tempfile::tempdir().expect("makes a folder");
    let program = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seed"));
        command
            .current_dir(folder.path())
            .env_remove("DATABASE_URL");
        command
    };
    run(program().env("DATABASE_URL", &database.url)).succeeded();
    let line = format!("DATABASE_URL={}\n", database.url);
    std::fs::write(folder.path().join(".env"), line).expect("writes the file");
    run(&mut program()).succeeded();
}

/// Every table's rows as JSON, in the order of their ids.
pub(crate) async fn everything(connection: &DatabaseConnection) -> Vec<Vec<String>> {
    let mut tables = Vec::new();
    for table in TABLES {
        tables.push(rows(connection, table).await);
    }
    tables
}

async fn rows(connection: &DatabaseConnection, table: &str) -> Vec<String> {
    let sql = format!("SELECT to_jsonb(t)::text FROM {table} AS t ORDER BY t.id");
    connection
        .query_all_raw(Statement::from_string(
            connection.get_database_backend(),
            sql,
        ))
        .await
        .expect("reads")
        .iter()
        .map(|row| row.try_get_by_index(0).expect("is text"))
        .collect()
}
