//! `status`, `check` and `rebase` on a migration folder that people have worked on.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use seachange::migrations::{self, Body, NewMigration};

use crate::workspace::Workspace;

/// Writes a migration that creates a table; its version.
pub(crate) fn add(workspace: &Workspace, minute: u32, table: &str) -> String {
    let root = workspace.path("migration");
    let at: DateTime<Utc> = format!("2026-01-01T00:{minute:02}:00Z").parse().unwrap();
    let new = NewMigration {
        at,
        name: table,
        about: "",
        body: Body::Sql {
            up: format!("CREATE TABLE {table} (id integer);\n"),
            down: format!("DROP TABLE {table};\n"),
        },
        schema_sql: None,
    };
    migrations::write(&migrations::read(&root).unwrap(), &new)
        .unwrap()
        .version
}

pub(crate) fn declare(workspace: &Workspace, tables: &[&str]) {
    let create = |table: &&str| format!("CREATE TABLE {table} (id integer);\n");
    workspace.write(
        "sql/after/tables.sql",
        &tables.iter().map(create).collect::<String>(),
    );
}

/// Applies it the way SeaORM's runner would: no history, only the record.
pub(crate) fn apply(workspace: &Workspace, version: &str, table: &str) {
    workspace.sql(&format!(
        "CREATE TABLE IF NOT EXISTS seaql_migrations (version varchar PRIMARY KEY, applied_at bigint NOT NULL); \
         CREATE TABLE {table} (id integer); \
         INSERT INTO seaql_migrations VALUES ('{version}', 1767225600)"
    ));
}

/// The checks that did not end well.
pub(crate) fn failed(workspace: &Workspace) -> Vec<String> {
    let ran = workspace.run(&["db", "check", "--json"]);
    let report = ran.json(i32::from(ran.code != 0));
    let checks = report["checks"].as_array().unwrap();
    assert_eq!(checks.len(), 9, "{report}");
    let failed = checks.iter().filter(|check| check["result"] != "ok");
    let failed: Vec<String> = failed
        .map(|check| format!("{}: {}", check["name"].as_str().unwrap(), check["findings"]))
        .collect();
    assert_eq!(report["ok"], failed.is_empty());
    failed
}

/// What git leaves of two branches: every file of both, and conflicts where both changed one.
pub(crate) fn merge(ours: &Path, theirs: &Path) {
    let src = theirs.join("src");
    for entry in walk(&src) {
        let below = entry.strip_prefix(theirs).unwrap();
        let target = ours.join(below);
        if !target.exists() {
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(&entry, target).unwrap();
        }
    }
    for name in ["src/lib.rs", "seachange.lock"] {
        let merged = conflicted(
            &fs::read_to_string(ours.join(name)).unwrap(),
            &fs::read_to_string(theirs.join(name)).unwrap(),
        );
        fs::write(ours.join(name), merged).unwrap();
    }
}

/// The lines of both, with git's marks around those that differ.
fn conflicted(ours: &str, theirs: &str) -> String {
    ours.lines()
        .zip(theirs.lines())
        .map(|(one, other)| match one == other {
            true => format!("{one}\n"),
            false => format!("<<<<<<< HEAD\n{one}\n=======\n{other}\n>>>>>>> theirs\n"),
        })
        .collect()
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

#[test]
fn everything_in_order_and_each_way_out_of_it() {
    let workspace = Workspace::with_server();
    assert_eq!(
        failed(&workspace),
        [
            "schema.sql = migrations: [\"cannot read `migration/schema.sql`: No such file or directory (os error 2)\"]"
        ]
    );
    let first = add(&workspace, 1, "boats");
    declare(&workspace, &["boats"]);
    let wrote = workspace.run(&["db", "rebase"]).succeeded();
    assert_eq!(wrote, "wrote schema.sql\n");
    assert_eq!(failed(&workspace), [""; 0]);
    assert_eq!(
        workspace.run(&["db", "rebase"]).succeeded(),
        "everything is in order\n"
    );

    // Pending, then applied, then in sync.
    assert_eq!(workspace.run(&["db", "status", "--exit-code"]).code, 2);
    apply(&workspace, &first, "boats");
    let status = workspace
        .run(&["db", "status", "--exit-code", "--json"])
        .json(0);
    assert_eq!(
        (&status["applied"], &status["pending"]),
        (&1.into(), &0.into())
    );
    assert_eq!(
        status["tables"],
        serde_json::json!([{ "table": "boats", "rows": 0, "exact": true }])
    );

    // Somebody changed the database by hand.
    workspace.sql("ALTER TABLE boats ADD COLUMN name text");
    let drifted = failed(&workspace);
    assert!(
        drifted.len() == 1 && drifted[0].starts_with("database: "),
        "{drifted:?}"
    );
    assert!(drifted[0].contains("boats.name"), "{drifted:?}");
    let ran = workspace.run(&["db", "status", "--exit-code", "-v"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stdout.contains("ADD COLUMN \"name\" text"), "{ran:?}");
    assert_eq!(
        workspace.run(&["db", "status"]).code,
        0,
        "only when asked for"
    );
    workspace.sql("ALTER TABLE boats DROP COLUMN name");

    // The entities ran ahead.
    declare(&workspace, &["boats", "piers"]);
    let ahead = failed(&workspace);
    assert!(
        ahead.len() == 1 && ahead[0].starts_with("entities"),
        "{ahead:?}"
    );
    declare(&workspace, &["boats"]);

    // An applied migration was edited: seen, and rebase does not make it right.
    let up = workspace.path(&format!("migration/src/{first}/up.sql"));
    let text = fs::read_to_string(&up).unwrap();
    fs::write(&up, format!("{text}CREATE TABLE piers (id integer);\n")).unwrap();
    let edited = failed(&workspace);
    assert!(
        edited.iter().any(|it| it.starts_with("edits: ")),
        "{edited:?}"
    );
    let stderr = workspace.run(&["db", "rebase"]).failed_with(3);
    assert!(stderr.contains("edited after it was applied"), "{stderr}");
    let stderr = workspace.run(&["db", "migrate"]).failed_with(3);
    assert!(
        stderr.contains("edited") && stderr.contains("--allow-edited"),
        "{stderr}"
    );
    fs::write(&up, text).unwrap();
    assert_eq!(failed(&workspace), [""; 0]);

    // An applied one is gone.
    fs::rename(&up, workspace.path("up.sql")).unwrap();
    let ran = workspace.run(&["db", "status"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("lacks"), "{ran:?}");
    fs::rename(workspace.path("up.sql"), &up).unwrap();
}

#[test]
fn two_branches_of_one_parent() {
    let ours = Workspace::with_server();
    let theirs = Workspace::new();
    let root = add(&ours, 1, "boats");
    add(&theirs, 1, "boats");
    let older = add(&theirs, 2, "crews");
    let newer = add(&ours, 3, "piers");
    declare(&ours, &["boats", "crews", "piers"]);
    apply(&ours, &root, "boats");
    let before = fs::read_to_string(ours.path("migration/src/lib.rs")).unwrap();
    merge(&ours.path("migration"), &theirs.path("migration"));

    // Said plainly, all of it, and nothing is applied.
    let status = ours.run(&["db", "status"]).succeeded();
    assert!(status.contains("different branches"), "{status}");
    assert!(
        status.contains(&older) && status.contains(&newer),
        "{status}"
    );
    let ran = ours.run(&["db", "migrate"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    for part in [
        "not in order",
        "different branches",
        "merge conflict",
        "rebase",
    ] {
        assert!(ran.stderr.contains(part), "{part}: {ran:?}");
    }
    assert_eq!(failed(&ours).len(), 4, "{:?}", failed(&ours));

    let dry = ours.run(&["db", "rebase", "--dry-run"]).succeeded();
    assert!(dry.contains(&newer), "{dry}");
    let done = ours.run(&["db", "rebase", "--json"]).json(0);
    assert_eq!(done["moved"], serde_json::json!([newer]));
    assert_eq!(done["changed"].as_array().unwrap().len(), 3, "{done}");
    assert_eq!(failed(&ours), [""; 0]);
    let lib = fs::read_to_string(ours.path("migration/src/lib.rs")).unwrap();
    assert_eq!(lib.lines().count(), before.lines().count() + 2, "{lib}");
    assert!(lib.find(&older) < lib.find(&newer), "{lib}");
}

#[test]
fn what_is_applied_stays_where_it_is() {
    let ours = Workspace::with_server();
    let theirs = Workspace::new();
    let root = add(&ours, 1, "boats");
    add(&theirs, 1, "boats");
    let older = add(&theirs, 2, "crews");
    let newer = add(&ours, 3, "piers");
    declare(&ours, &["boats", "crews", "piers"]);
    apply(&ours, &root, "boats");
    apply(&ours, &newer, "piers");
    merge(&ours.path("migration"), &theirs.path("migration"));
    let lock = fs::read_to_string(ours.path("migration/seachange.lock")).unwrap();

    // Asked for what can't be: the applied one behind the other.
    let stderr = ours
        .run(&["db", "rebase", "--move", "piers"])
        .failed_with(3);
    assert!(
        stderr.contains(&newer) && stderr.contains("rollback"),
        "{stderr}"
    );
    let dry = ours.run(&["db", "rebase", "--dry-run"]).succeeded();
    assert!(dry.contains(&older) && dry.contains("proven"), "{dry}");
    assert_eq!(
        fs::read_to_string(ours.path("migration/seachange.lock")).unwrap(),
        lock
    );

    // The one that is pending gets a version behind the one that is applied.
    let done = ours.run(&["db", "rebase", "--json"]).json(0);
    assert_eq!(done["renamed"][0]["from"], older.as_str(), "{done}");
    assert_eq!(done["proven"], "up, down and up again", "{done}");
    let to = done["renamed"][0]["to"].as_str().unwrap();
    assert!(to > newer.as_str() && to.ends_with("_crews"), "{done}");
    assert!(!ours.path(&format!("migration/src/{older}")).exists());
    let rs = fs::read_to_string(ours.path(&format!("migration/src/{to}.rs"))).unwrap();
    assert!(rs.contains(&format!("{to}/up.sql")), "{rs}");
    let status = ours.run(&["db", "status", "--json"]).json(0);
    assert_eq!(status["problems"], serde_json::json!([]), "{status}");
    assert_eq!(status["migrations"][2]["version"], to);
    assert_eq!(status["migrations"][2]["out_of_order"], false, "{status}");
    assert_eq!(failed(&ours), [""; 0]);
    assert_eq!(
        ours.run(&["db", "rebase"]).succeeded(),
        "everything is in order\n"
    );
}
