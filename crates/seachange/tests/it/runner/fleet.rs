//! Many databases, and many schemas of one, by the real program.

use std::process::{Child, Output};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::child::is;
use super::database::{TestDatabase, execute};
use super::process::{command, finished};

const NOWHERE: &str = "";

/// So many databases and the file that names them.
struct Databases {
    all: Vec<TestDatabase>,
    folder: TempDir,
}

impl Databases {
    async fn new(count: usize) -> Self {
        let mut all = Vec::new();
        for _ in 0..count {
            all.push(TestDatabase::new().await);
        }
        let databases = Self {
            all,
            folder: tempfile::tempdir().unwrap(),
        };
        let lines = (databases.all.iter().enumerate())
            .map(|(place, one)| format!("{} name=n{place}\n", one.url));
        databases.write(&lines.collect::<String>());
        databases
    }

    fn write(&self, text: &str) {
        std::fs::write(self.folder.path().join("fleet"), text).unwrap();
    }

    fn run(&self, arguments: &str, code: i32) -> Value {
        run(NOWHERE, &self.line(arguments), code)
    }

    fn line(&self, arguments: &str) -> String {
        let file = self.folder.path().join("fleet");
        format!("{arguments} --fleet {}", file.display())
    }

    /// Where a table stands in the way of the first migration.
    async fn spoil(&self, place: usize) {
        self.all[place].execute("CREATE TABLE notes ()").await;
    }

    async fn untouched(&self) -> usize {
        let mut count = 0;
        for one in &self.all {
            let tables =
                one.value("SELECT count(*) FROM pg_class WHERE relname = 'seaql_migrations'");
            count += usize::from(tables.await.as_deref() == Some("0"));
        }
        count
    }
}

#[track_caller]
fn run(url: &str, arguments: &str, code: i32) -> Value {
    let output = command(url, &format!("{arguments} --json"))
        .output()
        .unwrap();
    object(output, code)
}

#[track_caller]
fn object(output: Output, code: i32) -> Value {
    let (stdout, stderr) = finished(output, code);
    let value: Value =
        serde_json::from_str(&stdout).unwrap_or_else(|e| panic!("{e}: {stdout}{stderr}"));
    assert_eq!(value["version"], 1);
    let name = match value["command"] == "status" {
        true => "migration-status",
        false => "migration",
    };
    crate::published::hold_to(name, &value);
    value
}

/// done, nothing to do, failed, interrupted, not begun
#[track_caller]
fn counts(value: &Value) -> [u64; 5] {
    ["done", "nothing", "failed", "interrupted", "not_begun"]
        .map(|name| value["summary"][name].as_u64().unwrap())
}

#[tokio::test]
async fn twenty_databases_and_one_that_fails() {
    let fleet = Databases::new(20).await;
    fleet.spoil(7).await;
    let value = fleet.run("up", 1);
    assert_eq!(counts(&value), [19, 0, 1, 0, 0]);
    assert_eq!(value["summary"]["stopped"], Value::Null);
    let failed = &value["targets"][7];
    assert_eq!(failed["outcome"], "failed");
    assert_eq!(
        failed["error"]["migration"],
        "m20260101_000000_create_notes"
    );
    assert_eq!(failed["error"]["sqlstate"], "42P07");
    assert!(
        failed["error"]["help"]
            .as_str()
            .is_some_and(|help| !help.is_empty())
    );
    assert_eq!(value["targets"][8]["done"].as_array().unwrap().len(), 4);

    let (stdout, stderr) = finished(command(NOWHERE, &fleet.line("up")).output().unwrap(), 1);
    assert!(stdout.contains("failed: n7 (postgres"), "{stdout}");
    assert!(
        stdout.contains("relation \"notes\" already exists"),
        "{stdout}"
    );
    assert!(stdout.contains("  help: "), "{stdout}");
    assert!(
        stdout.ends_with("20 targets: 0 done, 19 with nothing to do, 1 failed\n"),
        "{stdout}"
    );
    assert!(stderr.contains("] done n3: nothing to do"), "{stderr}");

    fleet.all[7].execute("DROP TABLE notes").await;
    let status = fleet.run("status", 0);
    assert_eq!(status["targets"][7]["status"]["pending"], 4);
    assert_eq!(status["targets"][6]["status"]["applied"], 4);
    let planned = fleet.run("up --dry-run", 0);
    assert_eq!(counts(&planned), [1, 19, 0, 0, 0]);
    assert_eq!(planned["planned"].as_array().unwrap().len(), 4);
    assert_eq!(counts(&fleet.run("up", 0)), [1, 19, 0, 0, 0]);
    assert_eq!(
        counts(&fleet.run("down --all --parallel 8", 0)),
        [20, 0, 0, 0, 0]
    );
    assert_eq!(fleet.all[7].relations().await, "");
}

#[tokio::test]
async fn it_stops_beyond_the_share_that_may_fail() {
    let fleet = Databases::new(10).await;
    for place in [1, 3, 4] {
        fleet.spoil(place).await;
    }
    let value = fleet.run("up --parallel 1 --max-failures 1", 1);
    assert_eq!(counts(&value), [2, 0, 2, 0, 6]);
    assert_eq!(value["summary"]["stopped"], "failures");
    // 5 % of 10 is none.
    let value = fleet.run("up --parallel 1", 1);
    assert_eq!(counts(&value), [0, 1, 1, 0, 8]);
    let value = fleet.run("up --max-failures 30%", 1);
    assert_eq!(counts(&value), [5, 2, 3, 0, 0]);
}

#[tokio::test]
async fn a_canary_that_fails_keeps_the_others_untouched() {
    let fleet = Databases::new(6).await;
    fleet.spoil(1).await;
    let value = fleet.run("up --canaries 2 --max-failures 100%", 1);
    assert_eq!(counts(&value), [1, 0, 1, 0, 4]);
    assert_eq!(value["summary"]["stopped"], "canary");
    assert_eq!(value["targets"][0]["canary"], true);
    assert_eq!(fleet.untouched().await, 4);

    // One that is marked, and it is well: the others follow.
    let lines = fleet.all.iter().enumerate().map(|(place, one)| {
        let mark = if place == 5 { "canary" } else { "" };
        format!("{} {mark}\n", one.url)
    });
    fleet.write(&lines.collect::<String>());
    let value = fleet.run("up --parallel 1 --max-failures 1", 1);
    assert_eq!(counts(&value), [4, 1, 1, 0, 0]);
    assert_eq!(value["targets"][5]["canary"], true);
}

#[tokio::test]
async fn a_wrong_line_is_told_before_anything_is_done() {
    let fleet = Databases::new(1).await;
    let url = &fleet.all[0].url;
    fleet.write(&format!(
        "{url}\n# fine\npostgres://ada:s3cret@db/app shcema=x\n{url}\n"
    ));
    let output = command(NOWHERE, &fleet.line("up")).output().unwrap();
    let (stdout, stderr) = finished(output, 64);
    assert_eq!(stdout, "");
    assert!(
        stderr.contains("fleet:3: `shcema=` is not known"),
        "{stderr}"
    );
    assert!(
        stderr.contains("fleet:4: it is the same database and schema as line 1"),
        "{stderr}"
    );
    assert!(!stderr.contains("s3cret"), "{stderr}");
    assert_eq!(fleet.untouched().await, 1);
    let value = fleet.run("up", 64);
    assert_eq!(value["error"]["code"], "fleet");

    // A list that could not be made is no empty success.
    for (words, code) in [
        ("up --fleet-command false", 1),
        ("up --fleet-command true", 1),
        ("up --fleet /nowhere/at/all", 1),
        ("up --canaries 2", 64),
        ("up --fleet x --fleet-command y", 64),
        ("up --fleet x --plan y", 64),
        ("up --fleet x --max-failures many", 64),
        ("up --fleet-schemas a*", 64),
    ] {
        finished(command(NOWHERE, words).output().unwrap(), code);
    }
    finished(
        command(url, "up --fleet-schemas nobody_*")
            .output()
            .unwrap(),
        1,
    );
    let file = fleet.folder.path().join("good");
    std::fs::write(
        &file,
        format!("{url}\npostgres://ada:s3cret@127.0.0.1:1/app\n"),
    )
    .unwrap();
    let mut listed = command(NOWHERE, "up --max-failures 1 --json");
    listed.args(["--fleet-command", &format!("cat {}", file.display())]);
    let output = listed.output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stderr).contains("s3cret"));
    assert!(!String::from_utf8_lossy(&output.stdout).contains("s3cret"));
    let value = object(output, 1);
    assert_eq!(counts(&value), [1, 0, 1, 0, 0]);
    assert_eq!(value["targets"][1]["error"]["code"], "connect");
}

/// A database with so many schemas.
async fn tenants(count: usize) -> TestDatabase {
    let database = TestDatabase::new().await;
    database
        .execute(&format!(
            "DO $$ BEGIN FOR n IN 1..{count} LOOP EXECUTE format('CREATE SCHEMA tenant_%s', lpad(n::text, 4, '0')); \
             END LOOP; END $$; CREATE SCHEMA other"
        ))
        .await;
    database
}

/// The sum of a count over the tenants.
fn sum_of(count: &str) -> String {
    format!(
        "SELECT sum((xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM %I.{count}', nspname), \
         false, true, '')))[1]::text::int) FROM pg_namespace WHERE nspname LIKE 'tenant%'"
    )
}

async fn until(child: &mut Child, database: &TestDatabase, sql: &str) {
    let mut connection = database.connect().await;
    let begun = Instant::now();
    while !is(&mut connection, sql).await {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before: {sql}"
        );
        assert!(begun.elapsed() < Duration::from_secs(120), "never: {sql}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn two_hundred_schemas_killed_half_way_and_resumed() {
    let database = tenants(200).await;
    let line = "up --fleet-schemas tenant_* --parallel 6";
    let mut child = command(&database.url, line)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let some = "SELECT count(*) >= 60 FROM pg_class WHERE relname = 'notes_body_key'";
    until(&mut child, &database, some).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let left = "SELECT count(*) < 200 FROM pg_class WHERE relname = 'notes_body_key'";
    database.check(left, "true").await;

    let value = run(&database.url, line, 0);
    let [done, nothing, failed, interrupted, left] = counts(&value);
    assert_eq!((done + nothing, failed, interrupted, left), (200, 0, 0, 0));
    assert!(nothing >= 50, "{nothing} were done before");
    database.check(&sum_of("seaql_migrations"), "800").await;
    let done = sum_of("seachange_history WHERE outcome = ''done''");
    database.check(&done, "800").await;
    database.check(&sum_of("seachange_journal"), "0").await;
    database
        .check("SELECT count(*) FROM pg_index WHERE NOT indisvalid", "0")
        .await;
    database
        .check(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'other'::regnamespace",
            "0",
        )
        .await;
    assert_eq!(counts(&run(&database.url, line, 0)), [0, 200, 0, 0, 0]);
    // A server notices a moment after a program's end that its sessions have ended.
    let none_left = "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() \
        AND application_name LIKE 'seachange migration%'";
    let mut connection = database.connect().await;
    let ended = Instant::now();
    while !is(&mut connection, none_left).await {
        assert!(
            ended.elapsed() < Duration::from_secs(30),
            "sessions are left"
        );
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn ctrl_c_stops_all_and_says_where_each_stands() {
    let database = tenants(12).await;
    let mut idle = database.connect().await;
    let mut held = "BEGIN;".to_owned();
    for tenant in ["tenant_0001", "tenant_0002"] {
        run(&database.url, &format!("up -n 3 -s {tenant}"), 0);
        held.push_str(&format!("LOCK TABLE {tenant}.notes;"));
    }
    execute(&mut idle, &held).await;
    let line = "up --fleet-schemas tenant_* --parallel 2 --lock-timeout 0 --json";
    let mut child = command(&database.url, line)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let both = "SELECT count(*) = 2 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    until(&mut child, &database, both).await;
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let value = object(child.wait_with_output().unwrap(), 130);
    assert_eq!(counts(&value), [0, 0, 0, 2, 10]);
    assert_eq!(value["summary"]["stopped"], "interrupted");
    let message = value["targets"][0]["error"]["message"].as_str().unwrap();
    assert!(message.contains("it was rolled back"), "{message}");
    execute(&mut idle, "COMMIT").await;
    assert_eq!(
        counts(&run(&database.url, "up --fleet-schemas tenant_*", 0)),
        [12, 0, 0, 0, 0]
    );
}
