//! Test databases, in this process and in many others.

mod processes;
mod workspace;

use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use seachange::testing::{TestDatabase, Workspace as Tested};

use crate::database::{admin, admin_url};
use workspace::Workspace;

/// The databases of that name.
async fn databases(name: &str) -> Vec<String> {
    sqlx::query_scalar("SELECT datname::text FROM pg_database WHERE datname = $1")
        .bind(name)
        .fetch_all(&mut admin().await)
        .await
        .unwrap()
}

async fn tables(database: &TestDatabase) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    )
    .fetch_all(&database.pool().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn it_is_there_as_long_as_its_value() {
    let database = TestDatabase::empty().await;
    assert!(tables(&database).await.is_empty());
    let name = database.name().to_owned();
    // Still connected: the drop throws it out.
    let connection = database.connect().await;
    assert_eq!(databases(&name).await.len(), 1);
    drop(database);
    assert!(databases(&name).await.is_empty());
    assert!(connection.execute_unprepared("SELECT 1").await.is_err());
}

#[tokio::test]
async fn the_last_to_go_waits_until_all_are_gone() {
    let workspace = Workspace::new();
    let tested = Tested::at(workspace.root()).on(admin_url().await);
    let made = join_all((0..12).map(|_| tested.empty())).await;
    let names: Vec<String> = made
        .iter()
        .map(|database| database.as_ref().unwrap().name().to_owned())
        .collect();
    drop(made);
    for name in names {
        assert!(databases(&name).await.is_empty(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_are_copies_of_one_template() {
    let workspace = Workspace::new();
    workspace.migration("CREATE TABLE one (a int)");
    // A role belongs to the whole server: a second build would fail.
    let role = workspace.migration_that_runs_once();
    let tested = Tested::at(workspace.root()).on(admin_url().await);
    let tests = (0..16).map(|_| {
        let tested = tested.clone();
        tokio::spawn(async move {
            let database = tested.migrated().await.unwrap();
            assert_eq!(tables(&database).await, ["one", "seaql_migrations"]);
            database
                .connect()
                .await
                .execute_unprepared("DROP TABLE one")
                .await
                .unwrap();
        })
    });
    for test in join_all(tests).await {
        test.unwrap();
    }
    workspace.forget(&role).await;
}

#[tokio::test]
async fn a_migration_that_fails_is_told_and_leaves_nothing() {
    let workspace = Workspace::new();
    workspace.migration("CREATE TABLE one (a int); SELECT 1 / 0");
    let tested = Tested::at(workspace.root()).on(admin_url().await);
    let error = tested.migrated().await.err().unwrap();
    assert!(error.to_string().contains("division by zero"), "{error}");
}
