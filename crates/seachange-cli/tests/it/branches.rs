//! Two branches from one parent: whether they commute, and which of them moves.

use std::process::Command;

use seachange::migrations;

use crate::folder::{add, apply, declare, merge};
use crate::workspace::Workspace;

/// What `check` finds about branches.
fn found(workspace: &Workspace) -> String {
    let report = workspace
        .run(&["db", "check", "--no-database", "--json"])
        .json(1);
    let checks = report["checks"].as_array().unwrap();
    let branches = checks.iter().find(|it| it["name"] == "branches").unwrap();
    assert_eq!(branches["result"], "failed", "{report}");
    branches["findings"].to_string()
}

/// Two workspaces that share `boats`, each with a migration of its own in SQL, merged into the first.
fn merged(ours_up: &str, theirs_up: &str) -> (Workspace, String, String) {
    let ours = Workspace::with_server();
    let theirs = Workspace::new();
    add(&ours, 1, "boats");
    add(&theirs, 1, "boats");
    let older = add(&theirs, 2, "crews");
    let newer = add(&ours, 3, "piers");
    for (workspace, version, up) in [(&theirs, &older, theirs_up), (&ours, &newer, ours_up)] {
        if !up.is_empty() {
            workspace.write(&format!("migration/src/{version}/up.sql"), up);
            let folder = migrations::read(&workspace.path("migration")).unwrap();
            folder.relock().unwrap();
        }
    }
    merge(&ours.path("migration"), &theirs.path("migration"));
    (ours, older, newer)
}

#[test]
fn check_says_whether_they_commute() {
    for (ours, theirs, expected) in [
        ("", "", "commute: `rebase` moves either"),
        (
            "ALTER TABLE boats ADD COLUMN name text;",
            "ALTER TABLE boats ADD COLUMN sail text;",
            "commute: `rebase` moves either",
        ),
        (
            "ALTER TABLE boats ALTER COLUMN id TYPE bigint;",
            "ALTER TABLE boats ALTER COLUMN id TYPE numeric;",
            "do not commute, their order makes a difference: column boats.id differs",
        ),
        (
            "ALTER TABLE boats RENAME TO ships;",
            "ALTER TABLE boats ADD COLUMN sail text;",
            "do not commute: `m20260101_000200_crews` fails behind `m20260101_000300_piers`",
        ),
        (
            "CREATE TABLE piers (id integer); INSERT INTO piers VALUES (1);",
            "",
            "can't be told: `m20260101_000300_piers` changes rows (INSERT in line 1)",
        ),
    ] {
        let (workspace, older, newer) = merged(ours, theirs);
        let found = found(&workspace);
        assert!(found.contains(expected), "{expected}: {found}");
        assert!(found.contains(&older) && found.contains(&newer), "{found}");
    }
}

#[test]
fn the_one_to_move_can_be_chosen() {
    let (workspace, older, newer) = merged("", "");
    declare(&workspace, &["boats", "crews", "piers"]);
    let unknown = workspace.run(&["db", "rebase", "--move", "nobody"]);
    assert_eq!(unknown.code, 64, "{unknown:?}");
    let trunk = workspace.run(&["db", "rebase", "--onto", "boats"]);
    assert_eq!(trunk.code, 64, "{trunk:?}");
    let dry = workspace
        .run(&["db", "rebase", "--onto", "piers", "--dry-run", "--json"])
        .json(0);
    assert_eq!(dry["renamed"][0]["from"], older.as_str());
    let done = workspace
        .run(&["db", "rebase", "--move", "crews", "--json"])
        .json(0);
    let to = done["renamed"][0]["to"].as_str().unwrap();
    let check = workspace.run(&["db", "check", "--no-database"]);
    assert_eq!(check.code, 0, "{check:?}");
    let lock = std::fs::read_to_string(workspace.path("migration/seachange.lock")).unwrap();
    assert!(lock.find(&newer) < lock.find(to), "{lock}");
}

#[test]
fn one_that_fails_behind_the_other_is_not_moved() {
    let (workspace, _, newer) = merged(
        "ALTER TABLE boats RENAME TO ships;",
        "ALTER TABLE boats ADD COLUMN sail text;",
    );
    let lib = std::fs::read_to_string(workspace.path("migration/src/lib.rs")).unwrap();
    let stderr = workspace
        .run(&["db", "rebase", "--onto", &newer])
        .failed_with(1);
    assert!(
        stderr.contains("boats") && stderr.contains("does not exist"),
        "{stderr}"
    );
    assert_eq!(
        std::fs::read_to_string(workspace.path("migration/src/lib.rs")).unwrap(),
        lib
    );
    // The other way round it is in order, but does not lead back: that is said.
    let done = workspace.run(&["db", "rebase", "--json"]);
    assert_eq!(done.json(0)["proven"], "up", "{done:?}");
    assert!(done.stderr.contains("does not lead back"), "{done:?}");
}

#[test]
fn what_is_on_the_main_branch_stays() {
    let (workspace, older, newer) = merged("", "");
    declare(&workspace, &["boats", "crews", "piers"]);
    let git = |words: &[&str]| {
        let output = Command::new("git")
            .args([
                "-c",
                "user.name=ada",
                "-c",
                "user.email=ada@example.org",
                "-C",
            ])
            .arg(workspace.path(""))
            .args(words)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "--quiet", "--initial-branch", "main"]);
    git(&["add", &format!("migration/src/{newer}.rs")]);
    git(&["commit", "--quiet", "--message", "piers"]);

    // The older one is applied here, the newer one by whoever deploys the main branch.
    apply(&workspace, "m20260101_000100_boats", "boats");
    apply(&workspace, &older, "crews");
    let stderr = workspace.run(&["db", "rebase"]).failed_with(3);
    for part in [older.as_str(), newer.as_str(), "`main`", "rollback"] {
        assert!(stderr.contains(part), "{part}: {stderr}");
    }
    workspace.sql(&format!(
        "DELETE FROM seaql_migrations WHERE version = '{older}'; DROP TABLE crews"
    ));
    let done = workspace.run(&["db", "rebase", "--json"]).json(0);
    assert_eq!(done["renamed"][0]["from"], older.as_str(), "{done}");
}
