//! `push --plan-out` and `push --plan`: the SQL of the file is what is done, where everything is as it was.

use std::fs;

use serde_json::Value;

use crate::workspace::Workspace;

const BOATS: &str = "CREATE TABLE boats (id int PRIMARY KEY, name text);";
const PLAN: [&str; 4] = ["db", "push", "--plan", "plan.json"];

/// Boats with a row; declared is a column more, and one less.
fn planned() -> Workspace {
    let workspace = Workspace::with_server();
    workspace.write("sql/before/boats.sql", BOATS);
    workspace.run(&["db", "push"]).succeeded();
    workspace.sql("INSERT INTO boats VALUES (1, 'Argo')");
    workspace.write(
        "sql/before/boats.sql",
        "CREATE TABLE boats (id int PRIMARY KEY, length int NOT NULL DEFAULT 7);",
    );
    let line = [
        "db",
        "push",
        "--plan-out",
        "plan.json",
        "--allow-data-loss",
        "boats.name",
    ];
    let stdout = workspace.run(&line).succeeded();
    assert_eq!(stdout, "wrote plan.json\n");
    workspace
}

fn columns(workspace: &Workspace) -> String {
    workspace.sql(
        "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute \
         WHERE attrelid = 'boats'::regclass AND attnum > 0 AND NOT attisdropped",
    )
}

#[track_caller]
fn refused(workspace: &Workspace, words: &str) {
    let before = columns(workspace);
    let stderr = workspace.run(&PLAN).failed_with(3);
    assert!(
        stderr.contains(words) && stderr.contains("help: "),
        "{stderr}"
    );
    assert_eq!(columns(workspace), before);
}

#[test]
fn what_was_reviewed_is_pushed() {
    let workspace = planned();
    let text = fs::read_to_string(workspace.path("plan.json")).unwrap();
    let plan: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(plan["plan_for"], "push");
    assert_eq!(plan["plan"]["losses"][0]["subject"], "boats.name");
    let sql = plan["plan"]["transactions"][0]["sql"].as_str().unwrap();
    assert!(
        sql.contains("DROP COLUMN \"name\"") && sql.contains("ADD COLUMN \"length\""),
        "{sql}"
    );
    assert_eq!(columns(&workspace), "id name\n");

    // What is declared meanwhile is no part of it.
    workspace.write("sql/before/boats.sql", BOATS);
    let report = workspace
        .run(&[&PLAN[..], &["--json", "--backup"]].concat())
        .json(0);
    assert_eq!(report["outcome"], "pushed");
    assert_eq!(report["losses"][0]["subject"], "boats.name");
    assert!(report["backup"]["path"].is_string());
    assert_eq!(columns(&workspace), "id length\n");
    assert_eq!(workspace.sql("SELECT id, length FROM boats"), "1|7\n");
    refused(&workspace, "the database is not as it was");
    // What was pushed is declared: that it goes again is known to be meant.
    let stderr = workspace.run(&["db", "push"]).failed_with(3);
    assert!(stderr.contains("boats.length"), "{stderr}");
}

#[test]
fn what_has_changed_is_refused() {
    let workspace = planned();
    workspace.sql("ALTER TABLE boats ADD COLUMN by_hand int");
    refused(&workspace, "column boats.by_hand is new");
    workspace.sql("ALTER TABLE boats DROP COLUMN by_hand");
    workspace.sql("DELETE FROM seachange_declared WHERE object LIKE '%name%'");
    refused(&workspace, "what pushes declared is not what it was");

    let url = workspace.run(&["db", "url", "--socket"]).succeeded();
    let other = url.trim().replace("/harbour?", "/postgres?");
    let stderr = workspace
        .run(&[&PLAN[..], &["--database-url", &other]].concat())
        .failed_with(3);
    assert!(stderr.contains("its name is another"), "{stderr}");

    let text = fs::read_to_string(workspace.path("plan.json")).unwrap();
    for (changed, words) in [
        (text[..text.len() - 3].to_owned(), "the plan is cut"),
        (
            text.replace("DROP COLUMN", "DROP  COLUMN"),
            "the plan was edited",
        ),
        (
            text.replacen("\"version\": 1", "\"version\": 9", 1),
            "the plan has version 9",
        ),
    ] {
        workspace.write("plan.json", &changed);
        refused(&workspace, words);
    }
    workspace
        .run(&["db", "push", "--plan", "nowhere.json"])
        .failed_with(1);
    for more in [
        &["--force"][..],
        &["--dry-run"],
        &["--allow-data-loss", "x"],
        &["--rename", "a:b"],
    ] {
        let line = [&PLAN[..], more].concat();
        assert_eq!(workspace.run(&line).code, 64, "{line:?}");
    }
}

/// Nobody changes the schema between the look and the last statement.
#[test]
fn a_runner_at_work_is_not_pushed_into() {
    let workspace = planned();
    let url = workspace.run(&["db", "url", "--socket"]).succeeded();
    // The lock of the migration runner, as another session has it.
    let name = "'seachange' || $$\\000harbour\\000public\\000seaql_migrations$$";
    let key =
        format!("('x' || encode(substr(sha256(({name})::bytea), 1, 8), 'hex'))::bit(64)::bigint");
    let mut holder = std::process::Command::new("psql")
        .args([
            "-XqAt",
            url.trim(),
            "-c",
            &format!("SELECT pg_advisory_lock({key}), pg_sleep(600)"),
        ])
        .spawn()
        .unwrap();
    while workspace.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") != "1\n" {
        std::thread::yield_now();
    }
    let stderr = workspace.run(&PLAN).failed_with(1);
    assert!(
        stderr.contains("migrations are being applied to this database"),
        "{stderr}"
    );
    assert_eq!(columns(&workspace), "id name\n");
    holder.kill().unwrap();
    holder.wait().unwrap();
    workspace.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()");
    workspace.run(&PLAN).succeeded();
}
