//! What is kept about each run, and who may read it.

use seachange::connection::with_database;
use seachange::runner::{Extent, State, Target};

use super::database::TestDatabase;
use super::migrator::{Migrator, down, table, up};

const A: &str = "m20260101_000000_a";
const B: &str = "m20260102_000000_b";

#[tokio::test]
async fn every_run_is_written_down() {
    let database = TestDatabase::new().await;
    let migrator = Migrator::of(&[table(A), table(B)]);
    let lock = migrator.lock.clone();
    let program = migrator.program();
    up(&program, &database.url, Extent::All).await.done();
    down(&program, &database.url, Extent::Steps(1)).await.done();
    database
        .check(
            "SELECT string_agg(concat_ws(' ', version, direction, outcome, statement), ', ' ORDER BY id)
             FROM seachange_history",
            &format!("{A} up done 1, {B} up done 1, {B} down done 1"),
        )
        .await;
    database
        .check(
            &format!("SELECT hash || parent FROM seachange_history WHERE version = '{A}'"),
            &format!("{}root", lock.entries[0].files),
        )
        .await;
    database
        .check(
            "SELECT bool_and(executed_by LIKE session_user || '%' AND tool_version <> '' AND duration_ms >= 0
                             AND finished_at >= started_at) FROM seachange_history",
            "true",
        )
        .await;
}

#[tokio::test]
async fn a_role_that_may_only_read_sees_the_status() {
    let database = TestDatabase::new().await;
    let program = Migrator::of(&[table(A), table(B)]).program();
    let reader = format!("reader_{}", std::process::id());
    database
        .execute(&format!("CREATE ROLE {reader} LOGIN PASSWORD 'x'"))
        .await;
    let name = database.value("SELECT current_database()").await.unwrap();
    let host =
        database.value("SELECT split_part(current_setting('unix_socket_directories'), ',', 1)");
    let port = database.value("SELECT current_setting('port')");
    let url = format!(
        "postgres:///postgres?host={}&port={}&user={reader}&password=x",
        host.await.unwrap(),
        port.await.unwrap()
    );
    let target = Target::new(with_database(&url, &name).unwrap());

    // Before there is anything, and without making it.
    let status = seachange::runner::status(&program, &target).await.unwrap();
    assert_eq!(status.pending(), 2);
    database
        .check("SELECT to_regclass('seaql_migrations') IS NULL", "true")
        .await;

    up(&program, &database.url, Extent::Steps(1)).await.done();
    database
        .execute(&format!(
            "GRANT SELECT ON seaql_migrations, seachange_history TO {reader}"
        ))
        .await;
    let status = seachange::runner::status(&program, &target).await.unwrap();
    assert_eq!(status.migrations[0].state, State::Applied);
    assert_eq!(status.migrations[1].state, State::Pending);
    assert!(status.migrations[0].duration_ms.is_some());

    database
        .execute(&format!("DROP OWNED BY {reader}; DROP ROLE {reader}"))
        .await;
}
