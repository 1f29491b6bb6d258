//! `squash` on a folder: what is refused, what is written, and what is proven.

use std::fs;
use std::process::Command;

use seachange::migrations;

use crate::folder::{add, apply, declare, failed};
use crate::workspace::Workspace;

/// Three migrations, locked as they are.
fn three(second_up: &str) -> (Workspace, [String; 3]) {
    let workspace = Workspace::with_server();
    let versions = [(1, "boats"), (2, "crews"), (3, "piers")]
        .map(|(minute, table)| add(&workspace, minute, table));
    if !second_up.is_empty() {
        workspace.write(&format!("migration/src/{}/up.sql", versions[1]), second_up);
        let folder = migrations::read(&workspace.path("migration")).unwrap();
        folder.relock().unwrap();
    }
    declare(&workspace, &["boats", "crews", "piers"]);
    (workspace, versions)
}

fn read(workspace: &Workspace, path: &str) -> String {
    fs::read_to_string(workspace.path(path)).unwrap()
}

#[test]
fn old_ones_become_one() {
    let (workspace, [first, second, third]) = three("");
    apply(&workspace, &first, "boats");
    apply(&workspace, &second, "crews");
    let lock = read(&workspace, "migration/seachange.lock");
    let stderr = workspace
        .run(&["db", "squash", "--to", "crews"])
        .failed_with(3);
    assert!(
        stderr.contains("--yes") && stderr.contains("git"),
        "{stderr}"
    );
    let dry = workspace
        .run(&["db", "squash", "--to", "crews", "--dry-run"])
        .succeeded();
    assert!(dry.contains("CREATE TABLE \"crews\""), "{dry}");
    assert_eq!(read(&workspace, "migration/seachange.lock"), lock);

    let done = workspace
        .run(&["db", "squash", "--to", "crews", "--yes", "--json"])
        .json(0);
    let one = "m20260101_000200_squashed";
    assert_eq!(done["migration"], one);
    assert_eq!(done["replaces"], serde_json::json!([first, second]));
    assert_eq!(done["removed"].as_array().unwrap().len(), 6, "{done}");
    let versions = || {
        let folder = migrations::read(&workspace.path("migration")).unwrap();
        assert_eq!(folder.problems(), []);
        let versions = folder.migrations.into_iter().map(|it| it.version);
        (versions.collect::<Vec<_>>(), folder.registered)
    };
    let expected = vec![one.to_owned(), third.clone()];
    assert_eq!(versions(), (expected.clone(), expected));
    assert!(!workspace.path(&format!("migration/src/{first}")).exists());
    let up = read(&workspace, &format!("migration/src/{one}/up.sql"));
    let hash = |version: &str| {
        let line = lock.lines().find(|line| line.starts_with(version)).unwrap();
        line.split("files=")
            .nth(1)
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .to_owned()
    };
    for version in [&first, &second] {
        let line = format!("-- seachange: replaces {version} {}\n", hash(version));
        assert!(up.contains(&line), "{line}{up}");
    }
    let lock = read(&workspace, "migration/seachange.lock");
    assert!(
        lock.contains(&format!("\n  replaces {second} {}\n", hash(&second))),
        "{lock}"
    );

    // The database has what it replaces, and needs no more than a record of it.
    let status = workspace.run(&["db", "status", "--json"]).json(0);
    assert_eq!(
        status["migrations"][0]["squash"]["is"], "applied",
        "{status}"
    );
    assert_eq!(status["database"]["differences"], 0, "{status}");
    workspace.run(&["db", "check", "--drift"]).succeeded();
    assert_eq!(failed(&workspace), [""; 0]);
    let said = workspace.run(&["db", "status"]).succeeded();
    assert!(said.contains("the 2 migrations that it replaces"), "{said}");
    // One of two is another thing.
    workspace.sql(&format!(
        "DELETE FROM seaql_migrations WHERE version = '{second}'"
    ));
    let stderr = workspace.run(&["db", "check", "--drift"]).failed_with(1);
    assert!(
        stderr.contains(&second) && stderr.contains("earlier release"),
        "{stderr}"
    );

    // An edit of what it says to replace is an edit.
    let path = format!("migration/src/{one}/up.sql");
    workspace.write(&path, &up.replace(&hash(&first), &hash(&second)));
    let edited = failed(&workspace);
    assert!(
        edited.iter().any(|it| it.starts_with("edits: ")),
        "{edited:?}"
    );
    workspace.write(&path, &up);

    // All of it again, into one.
    let done = workspace.run(&["db", "squash", "--name", "whole", "--yes"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(versions().0, ["m20260101_000300_whole"]);
    let nothing = workspace.run(&["db", "squash", "--json"]).json(0);
    assert_eq!(nothing["outcome"], "nothing to do");
}

#[test]
fn what_was_done_to_rows_is_not_lost_unasked() {
    let (workspace, [_, second, _]) =
        three("CREATE TABLE crews (id integer);\nINSERT INTO crews VALUES (1);\n");
    let refused = workspace.run(&["db", "squash", "--yes", "--json"]).json(3);
    assert_eq!(
        refused["missing"],
        serde_json::json!([format!("--drop-data-statements {second}")])
    );
    let stderr = workspace.run(&["db", "squash", "--yes"]).failed_with(3);
    assert!(stderr.contains("INSERT in line 2"), "{stderr}");
    let other = workspace.run(&["db", "squash", "--drop-data-statements", "boats"]);
    assert_eq!(other.code, 64, "{other:?}");
    // What comes before it can be folded, and so can all of it with consent.
    let nothing = workspace
        .run(&["db", "squash", "--to", "boats", "--json"])
        .json(0);
    assert_eq!(nothing["outcome"], "nothing to do");
    let done = workspace
        .run(&[
            "db",
            "squash",
            "--yes",
            "--drop-data-statements",
            &second,
            "--json",
        ])
        .json(0);
    let one = done["migration"].as_str().unwrap();
    let up = read(&workspace, &format!("migration/src/{one}/up.sql"));
    assert!(
        up.contains(&format!("-- left out: `{second}` changes rows")),
        "{up}"
    );
}

#[test]
fn what_git_has_goes_without_a_question() {
    let (workspace, [first, ..]) = three("");
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
    git(&["init", "--quiet"]);
    git(&["add", "migration"]);
    workspace.run(&["db", "squash"]).failed_with(3);
    git(&["commit", "--quiet", "--message", "all"]);
    workspace.run(&["db", "squash"]).succeeded();
    assert!(
        !workspace
            .path(&format!("migration/src/{first}.rs"))
            .exists()
    );
}

#[test]
fn a_folder_that_is_not_in_order_is_not_folded() {
    let (workspace, [first, second, third]) = three("");
    workspace.write(&format!("migration/src/{first}/up.sql"), "SELECT 1;\n");
    let stderr = workspace.run(&["db", "squash", "--yes"]).failed_with(1);
    assert!(stderr.contains("edited after it was locked"), "{stderr}");
    assert!(
        workspace
            .path(&format!("migration/src/{second}.rs"))
            .exists()
    );
    assert!(
        workspace
            .path(&format!("migration/src/{third}.rs"))
            .exists()
    );
}
