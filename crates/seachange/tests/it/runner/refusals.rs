//! What keeps a run from beginning.

use seachange::runner::{Allow, Extent, Interrupt, Settings, State, Target};

use super::database::TestDatabase;
use super::migrator::{Command, Migrator, call, down, sql, table, up, up_allowing};

const A: &str = "m20260101_000000_a";
const B: &str = "m20260102_000000_b";
const C: &str = "m20260103_000000_c";

async fn with_ab() -> TestDatabase {
    let database = TestDatabase::new().await;
    let program = Migrator::of(&[table(A), table(B)]).program();
    up(&program, &database.url, Extent::All).await.done();
    database
}

#[tokio::test]
async fn an_applied_migration_that_is_missing() {
    let database = with_ab().await;
    let program = Migrator::of(&[table(A), table(C)]).program();
    let outcome = up(&program, &database.url, Extent::All).await;
    assert_eq!(outcome.refused(), ["missing"]);
    assert_eq!(outcome.error().exit_code(), 3);
    assert!(outcome.error().to_string().contains(B));
    assert_eq!(
        down(&program, &database.url, Extent::Steps(1))
            .await
            .refused(),
        ["missing"]
    );
    assert_eq!(database.relations().await, "a b");
    let target = Target::new(database.url.as_str());
    let status = seachange::runner::status(&program, &target).await.unwrap();
    assert_eq!(status.migrations.last().unwrap().state, State::Missing);
}

#[tokio::test]
async fn an_applied_migration_that_was_edited() {
    let database = with_ab().await;
    let edited = sql(B, "CREATE TABLE b (id bigint);", "DROP TABLE b;");
    let program = Migrator::of(&[table(A), edited, table(C)]).program();
    let outcome = up(&program, &database.url, Extent::All).await;
    assert_eq!(outcome.refused(), ["edited"]);
    assert!(
        outcome
            .error()
            .to_string()
            .contains("was edited after it was applied")
    );
    assert_eq!(
        down(&program, &database.url, Extent::Steps(1))
            .await
            .refused(),
        ["edited"]
    );
    assert_eq!(database.relations().await, "a b");

    let outcome = up_allowing(&program, &database.url, Allow::Edited).await;
    assert_eq!(outcome.done(), [C]);
    // On the way back, only the edited one itself is in question.
    assert_eq!(
        down(&program, &database.url, Extent::Steps(1)).await.done(),
        [C]
    );
}

#[tokio::test]
async fn one_that_is_out_of_order() {
    let database = TestDatabase::new().await;
    let url = &database.url;
    up(
        &Migrator::of(&[table(A), table(C)]).program(),
        url,
        Extent::All,
    )
    .await
    .done();
    let merged = || Migrator::of(&[table(A), table(B), table(C)]).program();
    let outcome = up(&merged(), url, Extent::All).await;
    assert_eq!(outcome.refused(), ["out-of-order"]);
    assert!(outcome.error().to_string().contains(B));
    assert_eq!(database.relations().await, "a c");
    assert_eq!(
        up_allowing(&merged(), url, Allow::OutOfOrder).await.done(),
        [B]
    );
    assert_eq!(up(&merged(), url, Extent::All).await.done(), [""; 0]);
}

#[tokio::test]
async fn two_branches_that_nobody_has_put_in_a_row() {
    let database = TestDatabase::new().await;
    let url = &database.url;
    let merged = || {
        let mut migrator = Migrator::of(&[table(A), table(B), table(C)]);
        migrator.lock.entries[2].parent = migrator.lock.entries[1].parent.clone();
        migrator.program()
    };
    assert_eq!(up(&merged(), url, Extent::Steps(1)).await.done(), [A]);
    let outcome = up(&merged(), url, Extent::All).await;
    assert_eq!(outcome.refused(), ["branches"]);
    assert_eq!(database.relations().await, "a");
    assert_eq!(
        up_allowing(&merged(), url, Allow::OutOfOrder).await.done(),
        [B, C]
    );
    // Decided and past: it is shown, and stops nothing.
    assert_eq!(up(&merged(), url, Extent::All).await.done(), [""; 0]);
}

#[tokio::test]
async fn text_that_is_not_what_was_locked() {
    let database = TestDatabase::new().await;
    let mut migrator = Migrator::of(&[table(A)]);
    migrator.lock.entries[0].up = Some("0".repeat(32));
    let program = migrator.program();
    let outcome = up(&program, &database.url, Extent::All).await;
    assert_eq!(outcome.refused(), ["not-as-locked"]);
    assert_eq!(database.relations().await, "");
    // Nothing at all was made, not even the record.
    database
        .check("SELECT to_regclass('seaql_migrations') IS NULL", "true")
        .await;
}

#[tokio::test]
async fn one_that_is_locked_but_not_in_the_program() {
    let database = TestDatabase::new().await;
    let mut migrator = Migrator::of(&[table(A)]);
    migrator.lock = Migrator::of(&[table(A), table(B)]).lock;
    let outcome = up(&migrator.program(), &database.url, Extent::All).await;
    assert_eq!(outcome.refused(), ["not-listed"]);
}

#[tokio::test]
async fn a_migration_that_never_was_locked_runs() {
    let database = TestDatabase::new().await;
    let program = Migrator::of(&[table(A)]).unlocked(table(B)).program();
    assert_eq!(
        up(&program, &database.url, Extent::All).await.done(),
        [A, B]
    );
}

#[tokio::test]
async fn fresh_looks_before_it_drops() {
    let database = with_ab().await;
    let mut migrator = Migrator::of(&[table(A)]);
    migrator.lock.entries[0].up = Some("0".repeat(32));
    let program = migrator.program();
    let settings = Settings::default();
    let never = Interrupt::never();
    let outcome = call(&program, &database.url, &settings, never, Command::Fresh).await;
    assert_eq!(outcome.refused(), ["not-as-locked"]);
    assert_eq!(database.relations().await, "a b");
}
