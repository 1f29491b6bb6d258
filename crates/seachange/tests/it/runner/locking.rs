//! Several at once, and those who are in the way.

use std::time::Duration;

use seachange::runner::{Event, Extent, Interrupt, RunnerError, Settings, interrupt};
use sqlx::Connection as _;

use super::child::{Setting, finished, open, waits_at};
use super::database::{TestDatabase, execute};
use super::migrator::{Command, Migrator, call, sql, table, up};

const A: &str = "m20260101_000000_a";
const B: &str = "m20260102_000000_b";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_runners_apply_everything_once() {
    let database = TestDatabase::new().await;
    let outside = sql(
        B,
        "-- seachange: no-transaction\nCREATE INDEX CONCURRENTLY a_id ON a (id);\n",
        "DROP INDEX a_id;",
    );
    let runners = (0..8).map(|_| {
        let url = database.url.clone();
        let migrations = [table(A), outside.clone()];
        tokio::spawn(async move {
            let program = Migrator::of(&migrations).program();
            up(&program, &url, Extent::All).await
        })
    });
    let mut done = Vec::new();
    for runner in runners.collect::<Vec<_>>() {
        let outcome = runner.await.unwrap();
        done.extend(outcome.done().into_iter().map(str::to_owned));
    }
    done.sort();
    assert_eq!(done, [A, B]);
    database
        .check("SELECT count(*) FROM seachange_history", "2")
        .await;
}

/// The one who holds the lock, as the lock's session is called.
async fn hold(database: &TestDatabase, program: &seachange::runner::Program) -> i64 {
    // Any run shows which key it takes: the last lock that its session asked for.
    up(program, &database.url, Extent::Steps(1)).await.done();
    let name = database.value("SELECT current_database()").await.unwrap();
    let text = format!("seachange\0{name}\0public\0seaql_migrations");
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(text.as_bytes());
    i64::from_be_bytes(digest[..8].try_into().unwrap())
}

#[tokio::test]
async fn who_waits_says_for_whom_and_gives_up() {
    let database = TestDatabase::new().await;
    let program = Migrator::of(&[table(A), table(B)]).program();
    let key = hold(&database, &program).await;
    let mut holder = database.connect().await;
    execute(&mut holder, &format!("SELECT pg_advisory_lock({key})")).await;
    let settings = Settings {
        lock_wait: Duration::from_millis(300),
        ..Settings::default()
    };
    let command = Command::Up(Extent::All);
    let outcome = call(
        &program,
        &database.url,
        &settings,
        Interrupt::never(),
        command,
    )
    .await;
    let RunnerError::Locked {
        holder: Some(by), ..
    } = outcome.error()
    else {
        panic!("{outcome:?}");
    };
    assert_eq!(by.application_name, "seachange test");
    assert_eq!(outcome.error().exit_code(), 1);
    assert!(
        outcome
            .error()
            .to_string()
            .contains(&format!("process {} `seachange test`", by.pid))
    );
    // Its age may be another second's by then.
    assert!(
        matches!(&outcome.events[0], Event::Waiting { holder: Some(one), .. } if one.pid == by.pid)
    );
    assert_eq!(database.relations().await, "a");

    // And an interrupt ends the waiting at once.
    let (interrupter, interrupt) = interrupt();
    interrupter.interrupt();
    let settings = Settings::default();
    let command = Command::Up(Extent::All);
    let outcome = call(&program, &database.url, &settings, interrupt, command).await;
    assert_eq!(outcome.error().exit_code(), 130);
    holder.close().await.unwrap();
}

/// A transaction that somebody forgot holds the table; the migration does not wait behind it without
/// end, lets go between its tries, and goes through when the other is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_that_is_held_is_tried_again() {
    let database = TestDatabase::new().await;
    database.execute("CREATE TABLE t (id int)").await;
    let mut idle = database.connect().await;
    execute(&mut idle, "BEGIN; SELECT * FROM t").await;

    let program = || Migrator::of(&[sql(A, "ALTER TABLE t ADD COLUMN x int;", "")]).program();
    let settings = Settings {
        lock_timeout: Duration::from_millis(50),
        ..Settings::default()
    };
    let never = Interrupt::never();
    let up = || Command::Up(Extent::All);
    let outcome = call(&program(), &database.url, &settings, never, up()).await;
    let RunnerError::Failed(failure) = outcome.error() else {
        panic!("{outcome:?}");
    };
    assert_eq!(failure.sqlstate.as_deref(), Some("55P03"));
    let retries = |events: &[Event]| {
        events
            .iter()
            .filter(|event| matches!(event, Event::Retrying { .. }))
            .count()
    };
    assert_eq!(retries(&outcome.events), 4);
    database
        .check(
            "SELECT count(*) FROM seachange_history WHERE outcome = 'failed'",
            "5",
        )
        .await;

    let url = database.url.clone();
    let runner = tokio::spawn(async move {
        let program = program();
        call(&program, &url, &settings, Interrupt::never(), up()).await
    });
    until(&database, "SELECT count(*) > 5 FROM seachange_history").await;
    execute(&mut idle, "COMMIT").await;
    let outcome = runner.await.unwrap();
    assert_eq!(outcome.done(), [A]);
    assert!(retries(&outcome.events) > 0);
    idle.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupt_cancels_on_the_server_and_rolls_back() {
    let database = TestDatabase::new().await;
    let sleeper = sql(B, "CREATE TABLE b (id int);\nSELECT pg_sleep(600);\n", "");
    let (interrupter, listener) = interrupt();
    let url = database.url.clone();
    let migrations = [table(A), sleeper];
    let runner = tokio::spawn(async move {
        let program = Migrator::of(&migrations).program();
        let settings = Settings::default();
        call(
            &program,
            &url,
            &settings,
            listener,
            Command::Up(Extent::All),
        )
        .await
    });
    let sleeping = "SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(600)%' \
                    AND state = 'active' AND datname = current_database()";
    until(&database, sleeping).await;
    interrupter.interrupt();
    let outcome = runner.await.unwrap();
    assert_eq!(outcome.gone_through(), [A]);
    assert_eq!(outcome.error().exit_code(), 130);
    let text = outcome.error().to_string();
    assert!(
        text.contains(B) && text.contains("it was rolled back"),
        "{text}"
    );
    assert_eq!(database.relations().await, "a");
    // A backend is there for a moment after its client has gone.
    let gone = "SELECT count(*) = 0 FROM pg_stat_activity \
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
    until(&database, gone).await;
    database
        .check(
            "SELECT error FROM seachange_history WHERE outcome = 'failed'",
            "interrupted",
        )
        .await;
}

/// Whoever loses the lock must not commit: another may be at it already.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_lock_nothing_is_committed() {
    let database = TestDatabase::new().await;
    let kill = sql(
        A,
        "CREATE TABLE a (id int);\nSELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'seachange migration lock';\n",
        "",
    );
    let outcome = up(&Migrator::of(&[kill]).program(), &database.url, Extent::All).await;
    assert!(outcome.result.is_err());
    assert_eq!(database.relations().await, "");
}

/// Asks until it is so; the test runner's own timeout ends it when it never is.
async fn until(database: &TestDatabase, sql: &str) {
    while database.value(sql).await.as_deref() != Some("true") {
        tokio::task::yield_now().await;
    }
}

/// PostgreSQL ends the session that looks for the deadlock first, which is the one that has waited longest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_deadlock_the_migration_gives_way() {
    gives_way(TAKES_TWO).await;
    gives_way(&format!(
        "-- seachange: no-transaction\nBEGIN;\n{TAKES_TWO}COMMIT;\n"
    ))
    .await;
}

const TAKES_TWO: &str = "DO $$ BEGIN LOCK TABLE a; PERFORM gate(1); END $$;\n\
    ALTER TABLE b ADD COLUMN more int;\n";

async fn gives_way(up: &str) {
    let setting = Setting::new(up, "").await;
    let database = &setting.database;
    database
        .execute("CREATE TABLE a (id int); CREATE TABLE b (id int)")
        .await;
    let mut gates = setting.hold([1]).await;
    let mut application = database.connect().await;
    execute(&mut application, "BEGIN; INSERT INTO b VALUES (1)").await;
    let arguments = "up --lock-timeout 30s";
    let child = setting.spawn_until(arguments, &waits_at(1)).await;
    let application = tokio::spawn(async move {
        execute(&mut application, "INSERT INTO a VALUES (1); COMMIT").await;
    });
    until(
        database,
        "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() \
         AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO a%'",
    )
    .await;
    open(&mut gates, 1).await;
    application.await.unwrap();
    let text = finished(child.wait_with_output().unwrap(), 0);
    assert!(text.contains("lock timeout"), "{text}");
    setting
        .check(
            "SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b)",
            "2",
        )
        .await;
}
