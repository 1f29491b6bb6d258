//! A migration that replaces older ones, on databases that ran none of those, all, or some.

use seachange::migrations::{Replaced, replaces};
use seachange::runner::{Allow, Extent, Program, Squash, State, Target, status};

use super::database::TestDatabase;
use super::migrator::{Migrator, Outcome, Sql, down, sql, table, up, up_allowing};

const A: &str = "m20260101_000000_a";
const B: &str = "m20260102_000000_b";
const ONE: &str = "m20260102_000000_one";
const C: &str = "m20260103_000000_c";

/// The release before: `a` and `b`, and maybe `c`.
fn before(count: usize) -> Migrator {
    Migrator::of(&[table(A), table(B), table(C)][..count])
}

/// `a` and `b` in one.
fn one() -> Sql {
    let lock = before(2).lock;
    let lines = lock.entries.iter();
    let header: String = lines
        .map(|entry| format!("-- seachange: replaces {} {}\n", entry.version, entry.files))
        .collect();
    sql(
        ONE,
        &format!("-- one\n{header}--\nCREATE TABLE a (id int);\nCREATE TABLE b (id int);\n"),
        "DROP TABLE b;\nDROP TABLE a;\n",
    )
}

/// This release.
fn now() -> Program {
    Migrator::of(&[one(), table(C)]).program()
}

fn noted(outcome: &Outcome) -> bool {
    outcome
        .events
        .iter()
        .any(|event| format!("{event:?}").contains("that it replaces"))
}

#[test]
fn the_header_names_what_it_replaces() {
    let expected: Vec<Replaced> = before(2)
        .lock
        .entries
        .into_iter()
        .map(|entry| Replaced {
            version: entry.version,
            files: entry.files,
        })
        .collect();
    assert_eq!(replaces(&one().up), expected);
    // Behind the first statement it is a comment like any other.
    assert_eq!(replaces(&format!("SELECT 1;\n{}", one().up)), []);
}

#[tokio::test]
async fn a_fresh_database_runs_it() {
    let database = TestDatabase::new().await;
    let outcome = up(&now(), &database.url, Extent::All).await;
    assert_eq!(outcome.done(), [ONE, C]);
    assert!(!noted(&outcome));
    assert_eq!(database.relations().await, "a b c");
    // And takes it back as its SQL says.
    assert_eq!(
        down(&now(), &database.url, Extent::All).await.done(),
        [C, ONE]
    );
    assert_eq!(database.relations().await, "");
}

#[tokio::test]
async fn a_database_that_ran_all_goes_on() {
    let database = TestDatabase::new().await;
    up(&before(2).program(), &database.url, Extent::All)
        .await
        .done();
    database.execute("INSERT INTO a VALUES (7)").await;
    let target = Target::new(database.url.as_str());
    let standing = status(&now(), &target).await.unwrap().migrations;
    assert_eq!(standing.len(), 2, "{standing:?}");
    assert!(standing[0].is_in_effect() && standing[0].state == State::Pending);

    let outcome = up(&now(), &database.url, Extent::All).await;
    assert_eq!(outcome.done(), [C]);
    assert!(noted(&outcome));
    assert_eq!(database.applied().await, [ONE, C]);
    database.check("SELECT id FROM a", "7").await;
    database
        .check(
            "SELECT string_agg(concat_ws(' ', version, direction, outcome), ', ' ORDER BY id) \
             FROM seachange_history WHERE note IS NOT NULL",
            &format!("{A} down done, {B} down done, {ONE} up done"),
        )
        .await;
    let standing = status(&now(), &target).await.unwrap().migrations;
    assert_eq!(standing[0].squash, Some(Squash::Recorded));
    assert!(
        standing
            .iter()
            .all(|one| one.state == State::Applied && !one.edited)
    );
    assert_eq!(up(&now(), &database.url, Extent::All).await.done(), [""; 0]);

    // What it replaces ran one by one here: it does not take all of that back at once.
    assert_eq!(
        down(&now(), &database.url, Extent::Steps(1)).await.done(),
        [C]
    );
    let refused = down(&now(), &database.url, Extent::Steps(1)).await;
    assert_eq!(refused.refused(), ["squashed"]);
    assert_eq!(database.relations().await, "a b");
}

#[tokio::test]
async fn a_later_one_that_ran_before_is_in_order() {
    let database = TestDatabase::new().await;
    up(&before(3).program(), &database.url, Extent::All)
        .await
        .done();
    let outcome = up(&now(), &database.url, Extent::All).await;
    assert_eq!(outcome.done(), [""; 0]);
    assert_eq!(database.applied().await, [ONE, C]);
}

#[tokio::test]
async fn a_database_that_ran_some_is_refused() {
    let database = TestDatabase::new().await;
    up(&before(1).program(), &database.url, Extent::All)
        .await
        .done();
    for outcome in [
        up(&now(), &database.url, Extent::All).await,
        down(&now(), &database.url, Extent::All).await,
    ] {
        assert_eq!(outcome.refused(), ["partly-replaced"]);
        let words = outcome.error().to_string();
        assert!(words.contains(B) && !words.contains(A), "{words}");
    }
    assert_eq!(database.applied().await, [A]);
    up(&before(2).program(), &database.url, Extent::All)
        .await
        .done();
    assert_eq!(up(&now(), &database.url, Extent::All).await.done(), [C]);
}

#[tokio::test]
async fn what_was_applied_has_to_be_what_was_folded() {
    let database = TestDatabase::new().await;
    let other = sql(A, "CREATE TABLE a (id bigint);", "DROP TABLE a;");
    let program = Migrator::of(&[other, table(B)]).program();
    up(&program, &database.url, Extent::All).await.done();
    let refused = up(&now(), &database.url, Extent::All).await;
    assert_eq!(refused.refused(), ["edited"]);
    assert_eq!(database.applied().await, [A, B]);
    let outcome = up_allowing(&now(), &database.url, Allow::Edited).await;
    assert_eq!(outcome.done(), [C]);
}

#[tokio::test]
async fn an_edit_in_the_header_is_seen() {
    let database = TestDatabase::new().await;
    up(&before(1).program(), &database.url, Extent::All)
        .await
        .done();
    // As if it replaced `a` alone: its SQL is not what was locked, and says nothing.
    let mut edited = one();
    let lines = edited.up.lines().filter(|line| !line.contains(B));
    edited.up = lines.map(|line| format!("{line}\n")).collect();
    let locked = Migrator::of(&[one()]).lock.render();
    let program = Program::new(vec![Box::new(edited)], "seaql_migrations", &locked);
    let refused = up(&program, &database.url, Extent::All).await;
    assert_eq!(refused.refused(), ["missing", "not-as-locked"]);
    assert_eq!(database.applied().await, [A]);
}
