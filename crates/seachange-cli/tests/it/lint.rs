//! `lint`, and what `check` says of it: what is read, what it is held against, the formats and the codes.

use chrono::{DateTime, Utc};
use seachange::migrations::{self, Body, NewMigration};
use serde_json::Value;

use crate::workspace::Workspace;

/// Writes a migration; its version.
fn add(workspace: &Workspace, minute: u32, name: &str, up: &str, down: &str) -> String {
    let root = workspace.path("migration");
    let at: DateTime<Utc> = format!("2026-01-01T00:{minute:02}:00Z").parse().unwrap();
    let new = NewMigration {
        at,
        name,
        about: "",
        body: Body::Sql {
            up: up.to_owned(),
            down: down.to_owned(),
        },
        schema_sql: None,
    };
    migrations::write(&migrations::read(&root).unwrap(), &new)
        .unwrap()
        .version
}

/// Boats, then an index on them: a warning each way.
fn harbour() -> (Workspace, String, String) {
    let workspace = Workspace::with_server();
    let boats = add(
        &workspace,
        1,
        "boats",
        "CREATE TABLE boats (id bigint PRIMARY KEY, name varchar(10));\nCREATE INDEX boats_id ON boats (id);\n",
        "DROP TABLE boats;\n",
    );
    let index = add(
        &workspace,
        2,
        "index",
        "ALTER TABLE boats ALTER name TYPE varchar(20);\n\nCREATE INDEX boats_name ON boats (name);\n",
        "-- seachange: allow drop-index-not-concurrent: boats are few\nDROP INDEX boats_name;\n\n\
         ALTER TABLE boats ALTER name TYPE varchar(10);\n",
    );
    (workspace, boats, index)
}

fn codes(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            let file = finding["file"].as_str().unwrap_or("declared");
            let file = file.rsplit('/').next().unwrap_or_default();
            let line = finding["place"]["line"].as_u64().unwrap_or_default();
            format!("{file}:{line} {}", finding["code"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn migrations_are_held_against_the_schema_that_they_meet() {
    let (workspace, boats, index) = harbour();
    let report = workspace.run(&["db", "lint", "--json"]).json(0);
    assert_eq!(report["version"], 1);
    assert_eq!(
        codes(&report),
        [
            "up.sql:3 index-not-concurrent",
            "down.sql:4 changes-values",
            "down.sql:4 may-fail",
            "down.sql:4 rewrites-table",
        ]
    );
    assert_eq!(report["files"], 4);
    assert_eq!(report["allowed"], 1);
    let first = &report["findings"][0];
    assert_eq!(first["severity"], "warning");
    assert_eq!(first["subject"], "boats_name");
    // The ALTER TABLE before it holds more than CREATE INDEX takes.
    assert_eq!(first["impact"]["lock"], "access-exclusive");
    assert_eq!(first["impact"]["tables"][0], "boats");
    assert_eq!(first["impact"]["work"], "build-index");
    assert_eq!(
        first["place"]["statement"],
        "CREATE INDEX boats_name ON boats (name)"
    );

    // In part.
    let since = workspace
        .run(&["db", "lint", "--json", "--since", &boats])
        .json(0);
    assert_eq!(since["findings"], report["findings"]);
    let none = workspace
        .run(&["db", "lint", "--json", "--since", "index"])
        .json(0);
    assert_eq!(codes(&none), [""; 0]);
    let latest = workspace
        .run(&["db", "lint", "--json", "--latest", "1"])
        .json(0);
    assert_eq!(latest["files"], 2);
    let up = format!("migration/src/{index}/up.sql");
    let file = workspace.run(&["db", "lint", "--json", &up]).json(0);
    assert_eq!(codes(&file), ["up.sql:3 index-not-concurrent"]);

    // Denied, or left out.
    let denied = ["db", "lint", "--json", "--deny", "index-not-concurrent"];
    let report = workspace.run(&denied).json(1);
    assert_eq!(
        (&report["errors"], &report["warnings"]),
        (&1.into(), &3.into())
    );
    let report = workspace.run(&["db", "lint", "--deny", "warnings"]);
    assert_eq!(report.code, 1);
    let allowed = "index-not-concurrent,changes-values,may-fail,rewrites-table";
    let ran = workspace.run(&["db", "lint", "--deny", "warnings", "--allow", allowed]);
    assert_eq!(ran.succeeded(), "nothing found in 4 files; 5 allowed\n");
    let unknown = workspace
        .run(&["db", "lint", "--deny", "nonsense"])
        .failed_with(64);
    assert!(unknown.contains("`nonsense` is no rule"), "{unknown}");
}

#[test]
fn each_format_says_it_in_its_own_way() {
    let (workspace, _, index) = harbour();
    let up = format!("migration/src/{index}/up.sql");
    let text = workspace.run(&["db", "lint", &up]).succeeded();
    assert_eq!(
        text,
        format!(
            "warning: index-not-concurrent: readers and writers of `boats` wait while the index is built, for the lock \
             that line 1 took\n  \
             at {up}:3:1\n  \
             | CREATE INDEX boats_name ON boats (name)\n  \
             lock: ACCESS EXCLUSIVE on boats: readers and writers wait; an index is built\n\
             help: `CREATE INDEX CONCURRENTLY … ON boats (…)` in a migration of its own with \
             `-- seachange: no-transaction`\n\n\
             1 warning in 1 file\n"
        )
    );
    let github = workspace
        .run(&["db", "lint", &up, "--format", "github"])
        .succeeded();
    assert!(
        github.starts_with(&format!(
            "::warning file={up},line=3,endLine=3,col=1,title=index-not-concurrent::readers and writers of \
             `boats` wait while the index is built, for the lock that line 1 took%0Ahelp: "
        )),
        "{github}"
    );
    let gitlab = workspace
        .run(&["db", "lint", "--format", "gitlab"])
        .succeeded();
    let issues: Value = serde_json::from_str(&gitlab).unwrap();
    let issues = issues.as_array().unwrap();
    assert_eq!(issues.len(), 4);
    assert_eq!(issues[0]["check_name"], "index-not-concurrent");
    assert_eq!(issues[0]["severity"], "minor");
    assert_eq!(issues[0]["location"]["path"], up.as_str());
    assert_eq!(issues[0]["location"]["lines"]["begin"], 3);
    let mut prints: Vec<&str> = issues
        .iter()
        .map(|it| it["fingerprint"].as_str().unwrap())
        .collect();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), 4);
    let both = workspace.run(&["db", "lint", "--json", "--format", "github"]);
    assert_eq!(both.code, 64);
}

#[test]
fn a_file_of_anybody_meets_the_schema_that_is_named() {
    let (workspace, ..) = harbour();
    workspace.write(
        "draft.sql",
        "ALTER TABLE boats ALTER name TYPE text;\nDROP TABLE ships;\n",
    );
    workspace.write(
        "other.sql",
        "CREATE TABLE boats (id bigint PRIMARY KEY, name integer);\n",
    );
    let report = workspace
        .run(&["db", "lint", "--json", "draft.sql"])
        .json(0);
    assert_eq!(codes(&report), ["draft.sql:2 drops-data"]);
    let against = [
        "db",
        "lint",
        "--json",
        "draft.sql",
        "--against",
        "other.sql",
    ];
    let report = workspace.run(&against).json(0);
    assert_eq!(
        codes(&report),
        ["draft.sql:1 rewrites-table", "draft.sql:2 drops-data"]
    );
    let missing = workspace
        .run(&["db", "lint", "nowhere.sql"])
        .failed_with(64);
    assert!(missing.contains("nowhere.sql"), "{missing}");
}

#[test]
fn what_is_declared_is_linted_and_an_error_fails_check() {
    let workspace = Workspace::with_server();
    let long = "a".repeat(70);
    workspace.write(
        "sql/after/tables.sql",
        &format!(
            "CREATE TABLE ports (id bigint PRIMARY KEY);\n\
             CREATE TABLE boats (id bigint PRIMARY KEY, port_id bigint REFERENCES ports);\n\
             CREATE INDEX {long} ON boats (id);\n"
        ),
    );
    let report = workspace.run(&["db", "lint", "--json"]).json(1);
    assert_eq!(
        codes(&report),
        [
            "tables.sql:3 identifier-cut",
            "tables.sql:2 foreign-key-without-on-delete",
            "declared:0 foreign-key-without-index",
        ]
    );
    let check = workspace
        .run(&["db", "check", "--json", "--no-database"])
        .json(1);
    let checks = check["checks"].as_array().unwrap();
    let lint = checks.iter().find(|check| check["name"] == "lint").unwrap();
    assert_eq!(lint["result"], "failed");
    let finding = lint["findings"][0].as_str().unwrap();
    assert!(
        finding.contains("tables.sql:3: identifier-cut"),
        "{finding}"
    );
}

/// What PostgreSQL refuses has no schema behind it: the findings are still there, and say why.
#[test]
fn a_migration_that_can_not_be_replayed_is_linted_all_the_same() {
    let workspace = Workspace::with_server();
    add(
        &workspace,
        1,
        "broken",
        "CREATE TABLE boats (id bigint PRIMARY KEY);\nCREATE INDEX CONCURRENTLY i ON boats (id);\n",
        "",
    );
    let ran = workspace.run(&["db", "lint"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.stdout.contains("error: needs-no-transaction"),
        "{ran:?}"
    );
    assert!(ran.stdout.contains("error: missing-down"), "{ran:?}");
    assert!(ran.stderr.contains("not every schema is known"), "{ran:?}");

    // One that fails in a way that lint can't see is no success either.
    let workspace = Workspace::with_server();
    add(
        &workspace,
        1,
        "broken",
        "ALTER TABLE nowhere ENABLE ROW LEVEL SECURITY;\n",
        "SELECT 1;\n",
    );
    let ran = workspace.run(&["db", "lint"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("nowhere"), "{ran:?}");
    let report = workspace.run(&["db", "lint", "--json"]).json(1);
    let why = report["unknown"].as_str().unwrap();
    assert!(why.contains("nowhere"), "{why}");
}
