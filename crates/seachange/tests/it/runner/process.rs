//! The binary of a migration package, as sea-orm-cli, a person or a deployment calls it: the example
//! `migrator` of this crate, whose folder the tool wrote.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use seachange::migrations::read;
use serde_json::Value;

use super::database::{TestDatabase, execute};

const CREATE: &str = "m20260101_000000_create_notes";
const UNIQUE: &str = "m20260104_000000_unique_notes";

/// Cargo builds examples together with the tests, beside them.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(2).unwrap().join("examples/migrator")
}

pub(super) fn command(url: &str, arguments: &str) -> Command {
    let mut command = Command::new(program());
    command
        .args(arguments.split_whitespace())
        .env("DATABASE_URL", url)
        .env_remove("DATABASE_SCHEMA")
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null());
    command
}

#[track_caller]
pub(super) fn run(url: &str, arguments: &str, code: i32) -> (String, String) {
    finished(command(url, arguments).output().unwrap(), code)
}

#[track_caller]
pub(super) fn finished(output: Output, code: i32) -> (String, String) {
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        output.status.code(),
        Some(code),
        "stdout: {stdout}\nstderr: {stderr}"
    );
    (stdout, stderr)
}

#[track_caller]
fn json(url: &str, arguments: &str, code: i32) -> Value {
    let (stdout, _) = run(url, &format!("{arguments} --json"), code);
    let value: Value = serde_json::from_str(&stdout).unwrap_or_else(|e| panic!("{e}: {stdout}"));
    assert_eq!(value["version"], 1);
    let name = match arguments.starts_with("status") {
        true => "migration-status",
        false => "migration",
    };
    crate::published::hold_to(name, &value);
    value
}

#[test]
fn the_examples_folder_is_in_order() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/migrator");
    assert_eq!(read(&root).unwrap().problems(), []);
}

#[tokio::test]
async fn the_way_of_a_deployment() {
    let database = TestDatabase::new().await;
    let url = &database.url;
    let (stdout, _) = run(url, "status", 0);
    assert!(
        stdout
            .lines()
            .all(|line| line.starts_with("pending  m2026")),
        "{stdout}"
    );

    let (stdout, _) = run(url, "up --to create_notes --dry-run", 0);
    assert!(
        stdout.starts_with(&format!("-- {CREATE} (up): ")),
        "{stdout}"
    );
    assert!(stdout.contains(
        "create_notes/up.sql, in one transaction\n-- Creates `notes`.\n\nCREATE TABLE notes ("
    ));

    let (stdout, stderr) = run(url, "up -n 2 -v", 0);
    assert!(
        stdout.starts_with(&format!("applied {CREATE} in ")),
        "{stdout}"
    );
    assert!(stderr.starts_with("database: postgres://"), "{stderr}");

    database
        .execute("INSERT INTO notes (body) VALUES (' a '), ('b')")
        .await;
    let done = json(url, "up", 0);
    assert_eq!(done["done"].as_array().unwrap().len(), 2);
    assert_eq!(done["done"][1]["statements"], 2);
    database
        .check("SELECT string_agg(body, ',' ORDER BY id) FROM notes", "a,b")
        .await;

    let (stdout, _) = run(url, "", 0);
    assert_eq!(stdout, "nothing pending: all 4 migrations are applied\n");
    let (stdout, _) = run(url, "up --dry-run", 0);
    assert_eq!(stdout, "-- nothing pending: all 4 migrations are applied\n");
    let planned = json(url, "down --dry-run", 0);
    assert_eq!(planned["planned"][0]["version"], UNIQUE);
    let status = json(url, "status", 0);
    assert_eq!(status["applied"], 4);
    assert_eq!(status["migrations"][0]["state"], "applied");

    let (stdout, _) = run(url, "down", 0);
    assert!(
        stdout.starts_with(&format!("rolled back {UNIQUE} in ")),
        "{stdout}"
    );
    run(url, "down --all", 0);
    assert_eq!(database.relations().await, "");
    run(url, "refresh", 0);
    run(url, "fresh", 0);
    run(url, "reset", 0);
}

#[tokio::test]
async fn a_failure_names_file_line_and_sqlstate() {
    let database = TestDatabase::new().await;
    let url = &database.url;
    run(url, "up -n 3", 0);
    database
        .execute("INSERT INTO notes (body) VALUES ('a'), ('a')")
        .await;
    let (stdout, stderr) = run(url, "up", 1);
    assert_eq!(stdout, "");
    let path = "crates/seachange/examples/migrator/src/m20260104_000000_unique_notes/up.sql:6";
    assert!(stderr.contains(&format!(
        "error: `{UNIQUE}` could not be applied: {path}: could not create unique index \"notes_body_key\" (SQLSTATE 23505)"
    )), "{stderr}");
    assert!(
        stderr.contains("  DETAIL: Key (body)=(a) is duplicated."),
        "{stderr}"
    );
    database
        .check(
            "SELECT count(*) FROM pg_attribute WHERE attname = 'checked'",
            "0",
        )
        .await;

    let failed = json(url, "up", 1);
    assert_eq!(failed["error"]["code"], "failed");
    assert_eq!(failed["error"]["sqlstate"], "23505");
    assert_eq!(failed["error"]["line"], 6);

    database.execute("DELETE FROM notes WHERE id = 2").await;
    run(url, "up", 0);
}

#[tokio::test]
async fn refusals_have_their_own_exit_code_and_name_the_flag() {
    let database = TestDatabase::new().await;
    let url = &database.url;
    run(url, "up", 0);
    database
        .execute("DELETE FROM seaql_migrations WHERE version LIKE '%trim_notes'")
        .await;
    let (_, stderr) = run(url, "up", 3);
    assert!(
        stderr.contains("error: `m20260103_000000_trim_notes` is out of order"),
        "{stderr}"
    );
    let refused = json(url, "up", 3);
    assert_eq!(
        refused["error"]["refusals"][0]["flag"],
        "--allow-out-of-order"
    );
    run(url, "up --allow-out-of-order", 0);
}

#[test]
fn bad_usage_is_64_and_a_password_is_not_shown() {
    let url = "postgres://ada:s3cret@127.0.0.1:1/app";
    run(url, "sideways", 64);
    run(url, "up --steps many", 64);
    run(url, "up --to x -n 1", 64);
    let (stdout, _) = run(url, "--help", 0);
    assert!(stdout.contains("Exit codes:") && !stdout.contains("s3cret"));
    let (_, stderr) = run(url, "up", 1);
    assert!(stderr.contains("postgres://ada:***@127.0.0.1:1/app") && !stderr.contains("s3cret"));
    let output = command(url, "up")
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    let (_, stderr) = finished(output, 64);
    assert!(stderr.contains("no database is named"), "{stderr}");
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_cancels_on_the_server() {
    let database = TestDatabase::new().await;
    let url = &database.url;
    run(url, "up -n 3", 0);
    let mut idle = database.connect().await;
    execute(&mut idle, "BEGIN; LOCK TABLE notes").await;
    let child = command(url, "up --lock-timeout 0")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let waiting = "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    while database.value(waiting).await.as_deref() != Some("true") {
        tokio::task::yield_now().await;
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let (_, stderr) = finished(child.wait_with_output().unwrap(), 130);
    assert!(
        stderr.contains(&format!(
            "interrupted while applying `{UNIQUE}`: it was rolled back"
        )),
        "{stderr}"
    );
    // The server notices a moment after the program has ended.
    let left = "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'seachange migration%'";
    while database.value(left).await.as_deref() == Some("true") {
        tokio::task::yield_now().await;
    }
    execute(&mut idle, "COMMIT").await;
    run(url, "up", 0);
}
