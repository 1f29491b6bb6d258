//! Backups restored: the same database again, or the old one as it was.

use std::path::{Path, PathBuf};
use std::process::Command;

use seachange::backup::{
    Backup, BackupError, Destination, Onto, Others, Owners, Restore, Wanted, backup, contents,
    restore,
};
use seachange::connection::{open, with_database};
use seachange::runner::Interrupt;
use seachange::server::Clients;
use seachange::testing::TestDatabase;
use sqlx::{AssertSqlSafe, Connection as _};
use tempfile::TempDir;

const CONTENT: &str = "
CREATE TYPE mood AS ENUM ('calm', 'rough');
CREATE TABLE seas (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE, mood mood, data bytea);
INSERT INTO seas (name, mood, data) SELECT 'sea ' || n, 'rough', sha256(n::text::bytea) FROM generate_series(1, 500) n;
CREATE VIEW rough AS SELECT * FROM seas WHERE mood = 'rough';
CREATE FUNCTION waves(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2';
COMMENT ON TABLE seas IS 'Seven of them';
";

/// Whether this machine's pg_dump is older than the server, which it is on runs on a newer version.
pub(crate) fn no_pg_dump(url: &str) -> bool {
    let output = Command::new("psql")
        .args(["-XAtc", "SHOW server_version_num", url])
        .output()
        .unwrap();
    let version: u32 = String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .unwrap();
    let missing = Clients::default().find("pg_dump", version).err();
    if let Some(missing) = &missing {
        eprintln!("left out: {missing}");
    }
    missing.is_some()
}

/// None where it can't be tested here.
async fn filled() -> Option<(TestDatabase, TempDir)> {
    let database = TestDatabase::empty().await;
    if no_pg_dump(database.url()) {
        return None;
    }
    execute(database.url(), CONTENT).await;
    Some((database, tempfile::tempdir().unwrap()))
}

async fn execute(url: &str, sql: &str) {
    let mut connection = open(url, "test").await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

async fn value(url: &str, sql: &str) -> String {
    let mut connection = open(url, "test").await.unwrap();
    let value = sqlx::query_scalar(AssertSqlSafe(format!("SELECT ({sql})::text")))
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    value
}

/// Everything, as SQL; newer versions write a random word into it.
fn dumped(url: &str) -> String {
    let output = Command::new("pg_dump")
        .arg("--dbname")
        .arg(url)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
    lines.collect::<Vec<_>>().join("\n")
}

async fn made(url: &str, folder: &Path, jobs: u16) -> Backup {
    let wanted = Wanted {
        to: Destination::Folder(folder.to_owned()),
        jobs,
        keep: None,
        clients: Clients::default(),
    };
    backup(url, &wanted, None, &Interrupt::never())
        .await
        .unwrap()
}

async fn restored(url: &str, from: &Path, onto: Onto) -> Result<(), BackupError> {
    let request = Restore {
        from: from.to_owned(),
        onto,
        jobs: 2,
        owners: Owners::Kept,
        clients: Clients::default(),
    };
    restore(url, &request, &Interrupt::never()).await.map(drop)
}

#[tokio::test]
async fn the_same_database_again() {
    let Some((database, folder)) = filled().await else {
        return;
    };
    let url = database.url();
    let name = value(url, "current_database()").await;
    execute(
        url,
        &format!(
            "ALTER DATABASE \"{name}\" SET search_path = \"$user\", public, \"odd one\";
         ALTER DATABASE \"{name}\" SET work_mem = '7MB';
         ALTER DATABASE \"{name}\" CONNECTION LIMIT 77;
         COMMENT ON DATABASE \"{name}\" IS 'it''s ours';
         REVOKE CONNECT ON DATABASE \"{name}\" FROM PUBLIC;
         GRANT TEMPORARY ON DATABASE \"{name}\" TO pg_monitor WITH GRANT OPTION"
        ),
    )
    .await;
    let own = format!(
        "SELECT concat_ws('|', pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datctype, datconnlimit, \
            (SELECT array_agg(acl::text ORDER BY acl::text) FROM unnest(datacl) acl), shobj_description(oid, 'pg_database'), \
            (SELECT array_agg(s ORDER BY s) FROM pg_db_role_setting, unnest(setconfig) s WHERE setdatabase = pg_database.oid)) \
         FROM pg_database WHERE datname = '{name}'"
    );
    // What a killed restore left is found by the next.
    execute(url, "CREATE DATABASE seachange_restore_1_1").await;
    let (own_before, before) = (value(url, &own).await, dumped(url));
    for jobs in [1, 2] {
        let backup = made(url, folder.path(), jobs).await;
        assert!(backup.entries > 5 && backup.bytes > 1000, "{backup:?}");
        execute(url, "DROP TABLE seas CASCADE; CREATE TABLE other (id int)").await;
        let oid = value(
            url,
            "SELECT oid FROM pg_database WHERE datname = current_database()",
        )
        .await;
        restored(url, &backup.path, Onto::Replaced(Others::Stay))
            .await
            .unwrap();
        assert_eq!(dumped(url), before);
        assert_eq!(value(url, &own).await, own_before);
        assert_ne!(
            value(
                url,
                "SELECT oid FROM pg_database WHERE datname = current_database()"
            )
            .await,
            oid
        );
    }
    let left = "SELECT count(*) FROM pg_database WHERE datname = 'seachange_restore_1_1'";
    assert_eq!(value(url, left).await, "0");
}

#[tokio::test]
async fn what_fails_leaves_the_old_one_as_it_was() {
    let Some((database, folder)) = filled().await else {
        return;
    };
    let url = database.url();
    execute(url, "CREATE ROLE seachange_gone_soon; CREATE TABLE theirs (id int); ALTER TABLE theirs OWNER TO seachange_gone_soon").await;
    let backup = made(url, folder.path(), 1).await;
    // The roles are not in it: without this one it can't be restored as it was.
    execute(
        url,
        "DROP TABLE theirs; DROP ROLE seachange_gone_soon; DELETE FROM seas WHERE id > 10",
    )
    .await;
    let before = dumped(url);
    let error = restored(url, &backup.path, Onto::Replaced(Others::Stay))
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("role \"seachange_gone_soon\" does not exist")
            && text.contains("is as it was"),
        "{text}"
    );
    assert!(
        seachange::Help::help(&error)
            .unwrap()
            .contains("--no-owner")
    );
    assert_eq!(dumped(url), before);

    // Cut off in its rows: the list is still there.
    let whole = std::fs::read(&backup.path).unwrap();
    let cut: PathBuf = folder.path().join("cut.dump");
    std::fs::write(&cut, &whole[..whole.len() - whole.len() / 4]).unwrap();
    let error = restored(url, &cut, Onto::Replaced(Others::Stay))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("is as it was"), "{error}");
    std::fs::write(&cut, "no backup").unwrap();
    let error = restored(url, &cut, Onto::Replaced(Others::Stay))
        .await
        .unwrap_err();
    assert!(matches!(error, BackupError::NotABackup { .. }), "{error}");
    assert_eq!(dumped(url), before);

    let request = Restore {
        from: backup.path,
        onto: Onto::Replaced(Others::Stay),
        jobs: 1,
        owners: Owners::LeftOut,
        clients: Clients::default(),
    };
    restore(url, &request, &Interrupt::never()).await.unwrap();
    assert_eq!(value(url, "SELECT count(*) FROM seas").await, "500");
}

#[tokio::test]
async fn those_who_use_it_are_named_or_ended() {
    let Some((database, folder)) = filled().await else {
        return;
    };
    let url = database.url();
    let backup = made(url, folder.path(), 1).await;
    execute(url, "DROP VIEW rough").await;
    let mut user = open(url, "shop").await.unwrap();
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
        .fetch_one(&mut user)
        .await
        .unwrap();
    let error = restored(url, &backup.path, Onto::Replaced(Others::Stay))
        .await
        .unwrap_err();
    assert!(error.is_refusal());
    assert!(
        error
            .to_string()
            .contains(&format!("process {pid} `seachange shop`")),
        "{error}"
    );
    assert_eq!(value(url, "to_regclass('rough') IS NULL").await, "true");
    restored(url, &backup.path, Onto::Replaced(Others::End))
        .await
        .unwrap();
    assert_eq!(value(url, "to_regclass('rough') IS NULL").await, "false");
    sqlx::query("SELECT 1")
        .execute(&mut user)
        .await
        .unwrap_err();
}

#[tokio::test]
async fn beside_it_or_into_an_empty_one() {
    let Some((database, folder)) = filled().await else {
        return;
    };
    let url = database.url();
    let before = dumped(url);
    let backup = made(url, folder.path(), 1).await;
    let error = restored(url, &backup.path, Onto::Empty).await.unwrap_err();
    assert!(
        matches!(&error, BackupError::NotEmpty { .. }) && error.is_refusal(),
        "{error}"
    );
    assert_eq!(dumped(url), before);

    let empty = TestDatabase::empty().await;
    assert!(contents(empty.url()).await.unwrap().is_empty());
    restored(empty.url(), &backup.path, Onto::Empty)
        .await
        .unwrap();
    assert_eq!(dumped(empty.url()), before);

    let name = value(url, "current_database()").await;
    let error = restored(url, &backup.path, Onto::New(name.clone()))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, BackupError::DatabaseExists { .. }),
        "{error}"
    );
    let new = format!("{name}_new");
    restored(url, &backup.path, Onto::New(new.clone()))
        .await
        .unwrap();
    let there = with_database(url, &new).unwrap();
    assert_eq!(dumped(&there), before);
    execute(url, &format!("DROP DATABASE \"{new}\"")).await;
}

/// What needs no table counts as well.
#[tokio::test]
async fn an_empty_database_is_told_from_one_that_is_not() {
    let database = TestDatabase::empty().await;
    for (sql, undo) in [
        ("CREATE TABLE t ()", "DROP TABLE t"),
        ("CREATE TYPE e AS ENUM ()", "DROP TYPE e"),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "DROP FUNCTION f",
        ),
        ("CREATE SCHEMA s", "DROP SCHEMA s"),
    ] {
        execute(database.url(), sql).await;
        assert!(!contents(database.url()).await.unwrap().is_empty(), "{sql}");
        execute(database.url(), undo).await;
        assert!(contents(database.url()).await.unwrap().is_empty(), "{undo}");
    }
}
