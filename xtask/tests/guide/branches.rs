//! Two developers who generate from the same parent: what git makes of it is named plainly, nothing is
//! applied twice or lost, and `rebase` puts it in order.

use std::process::Command;

use serde_json::Value;

use super::Workspace;
use super::workspace::{Kept, Migration, Rows};

const NICKNAME: &str =
    "    #[sea_orm(column_type = \"Text\")]\n    pub nickname: Option<String>,\n";
const SEASON: &str = "    #[sea_orm(column_type = \"Text\")]\n    pub season: Option<String>,\n";

/// What the two wrote, and the folder as git merges it.
struct Merged {
    older: Migration,
    newer: Migration,
    /// As it was on the newer one's branch.
    theirs: Kept,
    both: Kept,
}

#[test]
fn two_developers() {
    let workspace = Workspace::copy();
    let start = workspace.rows();
    let merged = merged(&workspace);
    let expected = start
        .with("users.nickname", Value::Null)
        .with("programs.season", Value::Null);
    it_is_said(&workspace, &merged);
    workspace.rows().are(&start);

    mended_where_neither_is_applied(&workspace, &merged, &expected);
    mended_where_the_older_is_applied(&workspace, &merged, &expected);
    moved_where_the_newer_is_applied(&workspace, &merged, &start, &expected);
}

/// Each generates from the same parent, then the newer branch is merged into the older one.
fn merged(workspace: &Workspace) -> Merged {
    let (parent, entities) = (workspace.keep("migration"), workspace.keep("crates/db"));
    workspace.add_field("users", "role: UserRole", NICKNAME);
    let older = workspace.generate("add_nickname", &[]);
    let ours = workspace.keep("migration");

    workspace.bring_back(&parent);
    workspace.bring_back(&entities);
    workspace.add_field("programs", "status: ProgramStatus", SEASON);
    let newer = workspace.generate("add_season", &[]);
    let theirs = workspace.keep("migration");
    assert!(older.version < newer.version);

    // The entities of both, and the files of both; where both changed a file, the lines of both.
    workspace.add_field("users", "role: UserRole", NICKNAME);
    for (file, text) in [
        (format!("{}.rs", older.version), None),
        (format!("{}/up.sql", older.version), Some(&older.up)),
        (format!("{}/down.sql", older.version), Some(&older.down)),
    ] {
        let path = format!("migration/src/{file}");
        match text {
            Some(text) => workspace.write(&path, text),
            None => {
                let text = std::fs::read_to_string(ours.at.join("src").join(file)).unwrap();
                workspace.write(&path, &text);
            }
        }
    }
    for file in ["src/lib.rs", "seachange.lock", "schema.sql"] {
        let sides = [&ours, &parent, &theirs].map(|side| side.at.join(file));
        let merge = Command::new("git")
            .args(["merge-file", "--union", "-p"])
            .args(sides)
            .output()
            .unwrap();
        assert!(merge.status.success(), "{merge:?}");
        workspace.write(
            &format!("migration/{file}"),
            &String::from_utf8(merge.stdout).unwrap(),
        );
    }
    Merged {
        both: workspace.keep("migration"),
        theirs,
        older,
        newer,
    }
}

fn it_is_said(workspace: &Workspace, merged: &Merged) {
    let (older, newer) = (merged.older.version.as_str(), merged.newer.version.as_str());
    let status = workspace.db(&["status"]).done();
    status.says(["written on different branches", older, newer, "rebase"]);
    let check = workspace.db(&["check"]).ends(1);
    check.says(["written on different branches", older, newer, "commute"]);
    let refused = workspace.db(&["migrate"]).ends(3);
    refused.says(["written on different branches", older, newer, "rebase"]);
    // A third one would have no parent.
    workspace
        .db(&["generate", "--empty", "third"])
        .ends(1)
        .says([older, newer]);
}

fn mended_where_neither_is_applied(workspace: &Workspace, merged: &Merged, expected: &Rows) {
    workspace
        .db(&["rebase"])
        .done()
        .says([&merged.newer.version]);
    in_order(workspace, expected);
    let again = workspace.db(&["rebase"]).done();
    again.says(["everything is in order"]);
    // The lines of both in schema.sql became the schema of both.
    let schema = workspace.read("migration/schema.sql");
    assert_eq!(schema.matches("CREATE TABLE \"users\"").count(), 1);
    assert!(schema.contains("\"nickname\" text") && schema.contains("\"season\" text"));
    workspace.db(&["generate"]).done().says(["nothing to do"]);
}

fn mended_where_the_older_is_applied(workspace: &Workspace, merged: &Merged, expected: &Rows) {
    workspace.db(&["rollback", "--yes"]).done();
    assert_eq!(workspace.applied().last(), Some(&merged.older.version));
    workspace.bring_back(&merged.both);
    workspace.db(&["migrate"]).ends(3);
    workspace.db(&["rebase"]).done();
    in_order(workspace, expected);
}

/// The newer one's developer has it applied already, and gets the older one from the other branch.
fn moved_where_the_newer_is_applied(
    workspace: &Workspace,
    merged: &Merged,
    start: &Rows,
    expected: &Rows,
) {
    let older = merged.older.version.as_str();
    workspace.db(&["rollback", "--yes", "--steps", "2"]).done();
    workspace.rows().are(start);
    workspace.bring_back(&merged.theirs);
    workspace.db(&["migrate"]).done();
    workspace.bring_back(&merged.both);

    let with_newer = workspace.rows();
    let status = workspace.db(&["status"]).done();
    status.says([older, "out of order: a later one is applied"]);
    let refused = workspace.db(&["migrate"]).ends(3);
    refused.says([older, "--allow-out-of-order"]);
    // What is applied keeps its place, and the other one gets a later version.
    let rebased = workspace.db(&["rebase", "--json"]).done().json();
    assert_eq!(rebased["renamed"][0]["from"], older);
    assert_eq!(rebased["proven"], "up, down and up again");
    workspace.rows().are(&with_newer);
    in_order(workspace, expected);
}

fn in_order(workspace: &Workspace, expected: &Rows) {
    workspace.db(&["migrate"]).done();
    workspace.in_order();
    workspace.db(&["check"]).done();
    workspace.rows().are(expected);
    let mut applied = workspace.applied();
    applied.dedup();
    assert_eq!(applied.len(), workspace.migrations().len());
}

/// What is written in Rust runs in the order of `lib.rs` alone: it is moved all the same, and then run.
#[test]
fn one_in_rust_is_moved() {
    let workspace = Workspace::copy();
    let (parent, entities) = (workspace.keep("migration"), workspace.keep("crates/db"));
    workspace.db(&["generate", "--rust", "touch_users"]).done();
    workspace.db(&["rebase"]).done();
    let older = workspace.migrations().pop().unwrap();
    let ours = workspace.keep("migration");

    workspace.bring_back(&parent);
    workspace.bring_back(&entities);
    workspace.add_field("programs", "status: ProgramStatus", SEASON);
    let newer = workspace.generate("add_season", &[]);
    assert!(older.version < newer.version);
    workspace.db(&["migrate"]).done();
    let theirs = workspace.keep("migration");
    let rust = format!("src/{}.rs", older.version);
    let text = std::fs::read_to_string(ours.at.join(&rust)).unwrap();
    workspace.write(&format!("migration/{rust}"), &text);
    for file in ["src/lib.rs", "seachange.lock"] {
        let sides = [&ours, &parent, &theirs].map(|side| side.at.join(file));
        let merge = Command::new("git")
            .args(["merge-file", "--union", "-p"])
            .args(sides)
            .output()
            .unwrap();
        let merged = String::from_utf8(merge.stdout).unwrap();
        workspace.write(&format!("migration/{file}"), &merged);
    }

    let check = workspace.db(&["check"]).ends(1);
    check.says(["commute can't be told", "is written in Rust"]);
    let rebased = workspace.db(&["rebase", "--json"]).done().json();
    assert_eq!(rebased["renamed"][0]["from"], older.version);
    assert_eq!(rebased["proven"], "up");
    workspace.db(&["migrate"]).done();
    workspace.in_order();
    workspace.db(&["check"]).done();
    // What it does besides, no schema tells.
    let refused = workspace.db(&["squash", "--yes"]).ends(3);
    refused.says(["is written in Rust", "--drop-data-statements"]);
}
