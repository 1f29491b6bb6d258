//! Profiles: rows that every constraint takes, the same for the same seed, whole or not at all.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Statement};

use crate::command::seed;
use crate::database::TestDatabase;
use crate::rows::everything;

#[tokio::test]
async fn one_seed_gives_the_same_rows_everywhere() {
    let (first, second) = (TestDatabase::create().await, TestDatabase::create().await);
    let profile = ["--profile", "load", "--scale", "300"];
    for database in [&first, &second] {
        seed(&[&["--database-url", &database.url][..], &profile].concat()).succeeded();
    }
    let rows = everything(&first.connection).await;
    assert_eq!(rows, everything(&second.connection).await);
    assert!(rows.iter().all(|rows| !rows.is_empty()));

    // Another seed makes others, in the place of those.
    let other = ["--seed", "2", "--truncate"];
    let of_second = ["--database-url", &second.url];
    seed(&[&of_second[..], &profile, &other].concat()).succeeded();
    let others = everything(&second.connection).await;
    assert_ne!(rows, others);
    assert!(count(&second, "users").await == count(&first, "users").await);
}

/// What the rules of the application say, beyond what PostgreSQL checks.
#[tokio::test]
async fn the_rows_hang_together() {
    let database = TestDatabase::create().await;
    seed(&["--database-url", &database.url, "--profile", "demo"]).succeeded();
    for (rule, query) in [
        (
            "only applicants apply",
            "SELECT count(*) FROM applications a JOIN users u ON u.id = a.applicant_id \
             WHERE u.role <> 'applicant'",
        ),
        (
            "only the staff reviews",
            "SELECT count(*) FROM reviews r JOIN users u ON u.id = r.reviewer_id \
             WHERE u.role = 'applicant'",
        ),
        (
            "nobody applies before they have registered",
            "SELECT count(*) FROM applications a JOIN users u ON u.id = a.applicant_id \
             WHERE a.created_at < u.created_at",
        ),
        (
            "a draft has no review",
            "SELECT count(*) FROM reviews r JOIN applications a ON a.id = r.application_id \
             WHERE a.status = 'draft'",
        ),
        (
            "the audit log ends with the state of each application",
            "SELECT count(*) FROM applications a WHERE a.status <> 'draft' AND a.status::text <> \
             (SELECT metadata ->> 'to' FROM audit_logs l WHERE l.resource_id = a.id \
              ORDER BY created_at DESC LIMIT 1)",
        ),
    ] {
        assert_eq!(number(&database, query).await, 0, "{rule}");
    }
    assert!(count(&database, "applications").await > 30);
}

#[tokio::test]
async fn the_edge_cases_are_all_legal() {
    let database = TestDatabase::create().await;
    seed(&["--database-url", &database.url, "--profile", "edge"]).succeeded();
    let odd = "SELECT count(*) FROM users WHERE name IN ('\\N', '\\.', 'NULL', '', E'\\ttabs\\tand\\nnew\\r\\nlines')";
    assert!(number(&database, odd).await >= 5);
    let longest = "SELECT max(length(content)) FROM comments";
    assert!(number(&database, longest).await >= 100_000);
    assert!(
        number(
            &database,
            "SELECT count(*) FROM users WHERE created_at < '0001-01-01'"
        )
        .await
            >= 2
    );
}

#[tokio::test]
async fn rows_that_are_there_are_asked_about() {
    let database = TestDatabase::create().await;
    seed(&["--database-url", &database.url]).succeeded();
    let before = everything(&database.connection).await;
    let url = ["--database-url", &database.url];
    let refused = seed(&[&url[..], &["--profile", "demo"]].concat()).failed(3);
    assert!(
        refused.contains("help: ") && refused.contains("--truncate"),
        "{refused}"
    );
    let dry = ["--profile", "load", "--truncate", "--dry-run"];
    let counted = seed(&[&url[..], &dry].concat()).succeeded();
    assert!(counted.contains("users             1015\n"), "{counted}");
    assert_eq!(everything(&database.connection).await, before);

    // Emptied, filled with something else, and back: the fixtures are what they were.
    seed(&[&url[..], &["--profile", "demo", "--truncate"]].concat()).succeeded();
    seed(&[&url[..], &["--truncate"]].concat()).succeeded();
    assert_eq!(everything(&database.connection).await, before);
}

async fn count(database: &TestDatabase, table: &str) -> i64 {
    number(database, &format!("SELECT count(*) FROM {table}")).await
}

async fn number(database: &TestDatabase, query: &str) -> i64 {
    let statement = Statement::from_string(sea_orm::DbBackend::Postgres, query);
    let row = database
        .connection
        .query_one_raw(statement)
        .await
        .expect("runs");
    let row = row.expect("has a row");
    row.try_get_by_index(0)
        .or_else(|_| row.try_get_by_index::<i32>(0).map(i64::from))
        .expect("is a number")
}

#[tokio::test]
async fn a_run_that_is_killed_leaves_nothing() {
    let database = TestDatabase::create().await;
    let url = ["--database-url", &database.url];
    let load = ["--profile", "load", "--scale", "20000"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_seed"))
        .args(url)
        .args(load)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    // Well into the second table at least.
    let copying = "SELECT coalesce(max(tuples_processed), 0) FROM pg_stat_progress_copy \
                   WHERE datname = current_database() AND relid = 'applications'::regclass";
    until(&database, copying, |tuples| tuples > 1_000).await;
    child.kill().expect("runs still");
    child.wait().expect("ends");
    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                    AND application_name = 'seachange seed'";
    until(&database, sessions, |sessions| sessions == 0).await;
    let rows = everything(&database.connection).await;
    assert!(rows.iter().all(Vec::is_empty));
}

/// Asks until the answer is as wanted.
async fn until(database: &TestDatabase, query: &str, wanted: impl Fn(i64) -> bool) {
    let begin = Instant::now();
    while !wanted(number(database, query).await) {
        assert!(
            begin.elapsed() < Duration::from_secs(60),
            "in vain: {query}"
        );
    }
}
