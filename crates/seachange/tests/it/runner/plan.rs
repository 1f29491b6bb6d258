//! `up --plan-out` and `up --plan`: done as it was reviewed, or refused with a reason of its own.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::child::{M, Setting, finished};
use super::database::TestDatabase;
use super::process;

const UP: &str = "-- makes boats\nCREATE TABLE boats (id int);\nINSERT INTO log VALUES (1);\n";
const DOWN: &str = "DROP TABLE boats;\n";
const NEXT: &str = "m20260102_000000_next";

struct Planned {
    setting: Setting,
    folder: tempfile::TempDir,
}

impl Planned {
    async fn new() -> Self {
        let setting = Setting::new(UP, DOWN).await;
        setting.write(
            NEXT,
            "CREATE TABLE ports (id int);\n",
            "DROP TABLE ports;\n",
        );
        Self {
            setting,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn file(&self) -> String {
        self.folder.path().join("plan.json").display().to_string()
    }

    fn plan(&self, more: &str) -> Value {
        self.setting
            .run(&format!("up --plan-out {} {more}", self.file()), 0);
        serde_json::from_str(&fs::read_to_string(self.file()).unwrap()).unwrap()
    }

    #[track_caller]
    fn refused(&self, code: &str, words: &str) {
        self.refused_on(&self.setting.database.url, code, words);
    }

    /// With exit code 3, this reason, and nothing done.
    #[track_caller]
    fn refused_on(&self, url: &str, code: &str, words: &str) {
        let line = format!("up --plan {} --json", self.file());
        let output = self.setting.command_on(url, &line).output().unwrap();
        let stdout = String::from_utf8(output.stdout.clone()).unwrap();
        finished(output, 3);
        let report: Value = serde_json::from_str(&stdout).unwrap();
        crate::published::hold_to("migration", &report);
        assert_eq!(report["error"]["code"], code, "{stdout}");
        assert_eq!(report["done"], serde_json::json!([]));
        let message = report["error"]["message"].as_str().unwrap();
        assert!(message.contains(words), "{message}");
        assert!(report["error"]["help"].is_string(), "{stdout}");
    }
}

#[tokio::test]
async fn what_was_reviewed_is_done() {
    let planned = Planned::new().await;
    let plan = planned.plan("");
    assert_eq!(
        (&plan["version"], &plan["plan_for"]),
        (&1.into(), &"migrate".into())
    );
    let first = &plan["plan"]["migrations"][0];
    assert_eq!(first["version"], M);
    assert_eq!(first["statements"][0], "CREATE TABLE boats (id int)");
    assert_eq!(first["header"], serde_json::json!(["-- makes boats"]));
    assert_eq!(first["transaction"], true);
    assert_eq!(plan["plan"]["direction"], "up");
    assert!(!plan.to_string().contains(":postgres@"));
    // Nothing was done, not even the record made.
    planned
        .setting
        .check("SELECT to_regclass('seaql_migrations') IS NULL", "true")
        .await;

    let text = planned
        .setting
        .run(&format!("up --plan {}", planned.file()), 0);
    assert!(
        text.contains(&format!("applied {M}")) && text.contains(&format!("applied {NEXT}")),
        "{text}"
    );
    planned.setting.check("SELECT count(*) FROM log", "1").await;
    // Once: what is applied now is another list.
    planned.refused("plan-applied", &format!("`{M}` was applied meanwhile"));
    // With nothing to do there is a plan, too.
    assert_eq!(
        planned.plan("")["plan"]["migrations"],
        serde_json::json!([])
    );
    planned
        .setting
        .run(&format!("up --plan {}", planned.file()), 0);
}

#[tokio::test]
async fn a_part_of_them_as_it_was_reviewed() {
    let planned = Planned::new().await;
    let report: Value = {
        let line = format!("up -n 1 --plan-out {} --json", planned.file());
        let output = planned.setting.command(&line).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    assert_eq!(report["plan"], planned.file());
    assert_eq!(report["planned"].as_array().unwrap().len(), 1);
    planned
        .setting
        .run(&format!("up --plan {}", planned.file()), 0);
    assert_eq!(planned.setting.database.applied().await, [M]);
}

#[tokio::test]
async fn the_database_has_moved_on() {
    let planned = Planned::new().await;
    planned.plan("");
    let database = &planned.setting.database;
    database
        .execute("ALTER TABLE log ADD COLUMN by_hand int")
        .await;
    planned.refused("plan-schema", "column log.by_hand is new");
    database
        .execute("ALTER TABLE log DROP COLUMN by_hand")
        .await;
    database
        .execute("ALTER TABLE log ALTER COLUMN n SET NOT NULL")
        .await;
    planned.refused("plan-schema", "column log.n is another");
    // Rows are no part of it, and what is as it was again is as it was.
    database
        .execute("ALTER TABLE log ALTER COLUMN n DROP NOT NULL; INSERT INTO log VALUES (7)")
        .await;
    planned.setting.run("up -n 1", 0);
    planned.refused("plan-applied", &format!("`{M}` was applied meanwhile"));
    planned.setting.run("down", 0);
    planned
        .setting
        .run(&format!("up --plan {}", planned.file()), 0);
}

#[tokio::test]
async fn a_migration_was_edited() {
    let planned = Planned::new().await;
    planned.plan("");
    planned
        .setting
        .write(NEXT, "CREATE TABLE harbours (id int);\n", "");
    planned.refused(
        "plan-migration",
        &format!("`{NEXT}` is not what was planned"),
    );
    assert_eq!(planned.setting.database.relations().await, "log");
    planned.setting.write(
        NEXT,
        "CREATE TABLE ports (id int);\n",
        "DROP TABLE ports;\n",
    );
    // One that was added is no part of the plan, and stays pending.
    planned
        .setting
        .write("m20260103_000000_more", "CREATE TABLE more (id int);\n", "");
    planned
        .setting
        .run(&format!("up --plan {}", planned.file()), 0);
    assert_eq!(planned.setting.database.applied().await, [M, NEXT]);
}

#[tokio::test]
async fn another_database_or_role() {
    let planned = Planned::new().await;
    planned.plan("");
    let other = TestDatabase::new().await;
    planned.refused_on(&other.url, "plan-other-database", "its name is another");
    planned
        .setting
        .run(&format!("up --plan {} -s other", planned.file()), 3);
    assert_eq!(other.relations().await, "");
}

#[tokio::test]
async fn the_file_is_not_what_it_was() {
    let planned = Planned::new().await;
    planned.plan("");
    let path = planned.file();
    let text = fs::read_to_string(&path).unwrap();
    for (changed, code, words) in [
        (text[..text.len() / 2].to_owned(), "plan-unreadable", "cut"),
        (String::new(), "plan-unreadable", "cut"),
        (text.replace("boats", "coats"), "plan-edited", "edited"),
        (
            text.replacen("\"version\": 1", "\"version\": 2", 1),
            "plan-version",
            "version 2",
        ),
        (
            text.replace("\"migrate\"", "\"push\""),
            "plan-edited",
            "edited",
        ),
    ] {
        fs::write(&path, changed).unwrap();
        planned.refused(code, words);
    }
    planned
        .setting
        .check("SELECT to_regclass('seaql_migrations') IS NULL", "true")
        .await;
    fs::remove_file(&path).unwrap();
    planned.setting.run(&format!("up --plan {path}"), 1);
    fs::write(&path, text).unwrap();
    planned.setting.run(&format!("up --plan {path}"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_stands_half_way() {
    let setting = Setting::new(
        "-- seachange: no-transaction\nINSERT INTO log VALUES (1);\nINSERT INTO log VALUES (gate(1));\n",
        "",
    )
    .await;
    let planned = Planned {
        setting,
        folder: tempfile::tempdir().unwrap(),
    };
    planned.plan("");
    let database = &planned.setting.database;
    let _holder = planned.setting.hold([1]).await;
    planned
        .setting
        .kill_when("up --lock-timeout 0", &super::child::waits_at(1))
        .await;
    planned.setting.terminate_work().await;
    drop(_holder);
    planned.refused("plan-half-way", "half-way");
    database.check("SELECT count(*) FROM log", "1").await;
    // A plan that was made of where it stands goes on from there.
    planned.plan("");
    planned
        .setting
        .run(&format!("up --plan {}", planned.file()), 0);
    database.check("SELECT count(*) FROM log", "2").await;
}

/// Consent is a part of the plan, and what was planned without it is not done with it.
#[tokio::test]
async fn consent_is_in_the_plan() {
    let planned = Planned::new().await;
    planned.setting.run("up", 0);
    planned
        .setting
        .database
        .execute("DELETE FROM seaql_migrations WHERE version LIKE '%_m'; DROP TABLE boats")
        .await;
    planned
        .setting
        .run(&format!("up --plan-out {}", planned.file()), 3);
    assert!(!Path::new(&planned.file()).exists());
    let plan = planned.plan("--allow-out-of-order");
    assert_eq!(
        plan["plan"]["allow"],
        serde_json::json!(["--allow-out-of-order"])
    );
    planned
        .setting
        .run(&format!("up --plan {}", planned.file()), 0);
}

/// What is held back is in the plan only when somebody said so, and then nobody has to say it again.
#[tokio::test]
async fn what_is_held_back() {
    let planned = Planned::new().await;
    planned.setting.run("up -n 1", 0);
    let contract = "-- seachange: contract\nCREATE TABLE ports (id int);\n";
    planned.setting.write(NEXT, contract, "DROP TABLE ports;\n");
    assert_eq!(
        planned.plan("")["plan"]["migrations"],
        serde_json::json!([])
    );
    let plan = planned.plan("--contract");
    assert_eq!(plan["plan"]["migrations"][0]["version"], NEXT);
    planned
        .setting
        .run(&format!("up --plan {}", planned.file()), 0);
    assert_eq!(planned.setting.database.applied().await, [M, NEXT]);
}

#[test]
fn what_would_change_the_plan_is_bad_usage() {
    for more in [
        "--to x",
        "-n 1",
        "--dry-run",
        "--plan-out y",
        "--allow-edited",
        "--contract",
        "--resume-at m:1",
    ] {
        process::run(
            "postgres://ada@127.0.0.1:1/app",
            &format!("up --plan x {more}"),
            64,
        );
    }
    process::run(
        "postgres://ada@127.0.0.1:1/app",
        "up --plan-out x --backup --backup-dir /tmp",
        64,
    );
}
