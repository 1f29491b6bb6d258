//! What the program won't do, how it says so, and with which code.

use std::process::Command;

use crate::command::{run, seed};
use crate::database::TestDatabase;

const REMOTE: &str = "postgres://app:secret@db.invalid/cohortflow";

#[test]
fn a_remote_database_wants_consent() {
    let refused = seed(&["--database-url", REMOTE]);
    assert_eq!(refused.stdout, "");
    let stderr = refused.failed(3);
    assert!(
        stderr.contains("`postgres://app:***@db.invalid/cohortflow` is not on this machine"),
        "{stderr}"
    );
    assert!(stderr.contains("help: add `--allow-remote`"), "{stderr}");

    let refused = seed(&["--database-url", REMOTE, "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&refused.stdout).expect("is JSON");
    assert_eq!(answer["version"], 1);
    crate::published::hold_to("db-seed", &answer);
    // Whatever else fails is an object, too.
    let failed = seed(&["--database-url", REMOTE, "--allow-remote", "--json"]);
    let failure: serde_json::Value = serde_json::from_str(&failed.stdout).expect("is JSON");
    crate::published::hold_to("db-seed", &failure);
    assert_eq!((failure["exit"].as_u64(), failed.code), (Some(1), Some(1)));
    assert_eq!(answer["missing"], serde_json::json!(["--allow-remote"]));

    // With consent it is tried, and the password is never shown.
    let stderr = seed(&["--database-url", REMOTE, "--allow-remote"]).failed(1);
    assert!(
        stderr.contains("seeding postgres://app:***@db.invalid/cohortflow"),
        "{stderr}"
    );
    assert!(
        stderr.contains("cannot connect to database `cohortflow` at `db.invalid:5432`"),
        "{stderr}"
    );
    assert!(!stderr.contains("secret"), "{stderr}");
}

#[tokio::test]
async fn a_database_without_tables_wants_migrations() {
    let database = TestDatabase::create_empty().await;
    let stderr = seed(&["--database-url", &database.url]).failed(1);
    assert!(
        stderr.contains("relation \"users\" does not exist (SQLSTATE 42P01)"),
        "{stderr}"
    );
    assert!(stderr.contains("help: cargo xtask db migrate"), "{stderr}");
}

#[tokio::test]
async fn a_database_with_older_tables_wants_migrations() {
    use sea_orm::ConnectionTrait;
    let database = TestDatabase::create().await;
    for older in [
        "ALTER TABLE programs DROP COLUMN export_mapping",
        "ALTER TABLE programs ADD COLUMN export_mapping jsonb",
        "ALTER TYPE application_status RENAME VALUE 'waitlisted' TO 'waiting'",
    ] {
        database
            .connection
            .execute_unprepared(older)
            .await
            .expect(older);
        if older.contains("ADD") {
            continue;
        }
        let stderr = seed(&["--database-url", &database.url]).failed(1);
        assert!(stderr.contains("help: cargo xtask db migrate"), "{stderr}");
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let database = TestDatabase::create_empty().await;
    let url = database.url.replace(&database.name, "no_such_database");
    let stderr = seed(&["--database-url", &url]).failed(1);
    assert!(
        stderr.contains("cannot connect to database `no_such_database`"),
        "{stderr}"
    );
    assert!(stderr.contains("help: "), "{stderr}");
}

#[test]
fn wrong_usage_is_64() {
    seed(&["--scale", "10"]).failed(64);
    let stderr = seed(&[]).failed(64);
    assert!(stderr.contains("`DATABASE_URL` is not set"), "{stderr}");
    let stderr = seed(&["--database-url", "mysql://root:secret@localhost/x"]).failed(64);
    assert!(!stderr.contains("secret"), "{stderr}");
    assert_eq!(seed(&["--help"]).code, Some(0));
    assert_eq!(seed(&["--version"]).code, Some(0));
}

#[test]
fn a_broken_env_file_is_named() {
    let folder = tempfile::tempdir().expect("makes a folder");
    std::fs::write(folder.path().join(".env"), "DATABASE_URL=\"secret\n").expect("writes");
    let mut command = Command::new(env!("CARGO_BIN_EXE_seed"));
    let stderr = run(command.current_dir(folder.path())).failed(1);
    assert!(
        stderr.contains("cannot read `.env`: a line of it is not `NAME=value`"),
        "{stderr}"
    );
    assert!(!stderr.contains("secret"), "{stderr}");
}
