//! `backup`, `restore`, and `--backup` of a push, on the workspace's own server.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::terminal::{CTRL_C, ENTER, Terminal};
use crate::workspace::Workspace;

fn filled() -> Workspace {
    let workspace = Workspace::with_server();
    workspace.sql("CREATE TABLE boats (name text); INSERT INTO boats VALUES ('Argo')");
    workspace
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn there_and_back() {
    let workspace = filled();
    let stdout = workspace.run(&["db:backup"]).succeeded();
    let folder = workspace.path(".seachange/backups");
    let only = names(&folder);
    assert_eq!(only.len(), 1, "{only:?}");
    let file = folder.join(&only[0]);
    assert!(
        stdout.starts_with(&format!("backed up to {} (", file.display())),
        "{stdout}"
    );
    assert!(
        only[0].starts_with("harbour.2") && only[0].ends_with(".dump"),
        "{only:?}"
    );
    let file = file.to_str().unwrap();

    workspace.sql("DELETE FROM boats");
    let gone = || assert_eq!(workspace.sql("SELECT count(*) FROM boats"), "0\n");
    let stderr = workspace.run(&["db", "restore", file]).failed_with(3);
    assert!(
        stderr.contains("restore replaces harbour with 1 table"),
        "{stderr}"
    );
    let error = workspace.run(&["db", "restore", file, "--json"]).json(3);
    assert_eq!(error["missing"], serde_json::json!(["--yes"]));
    gone();
    let mut terminal = Terminal::open(&workspace.command(&["db", "restore", file]));
    terminal.expect("replace harbour with 1 table and all its rows by the backup?");
    terminal.type_in(ENTER);
    terminal.expect("nothing was changed");
    terminal.ends_with(3);
    gone();
    let stdout = workspace.run(&["db", "restore", file, "--yes"]).succeeded();
    assert!(stdout.starts_with("restored harbour from "), "{stdout}");
    assert_eq!(workspace.sql("SELECT name FROM boats"), "Argo\n");

    // Beside it, and into nothing: no consent is needed, since nothing is lost.
    let report = workspace
        .run(&["db", "restore", file, "--into", "old_harbour", "--json"])
        .json(0);
    assert_eq!(report["database"], "old_harbour");
    workspace
        .run(&["db", "restore", file, "--into", "old_harbour"])
        .failed_with(3);
    let url = workspace.run(&["db", "url", "--socket"]).succeeded();
    let other = url.trim().replace("/harbour?", "/new_harbour?");
    let line = ["db", "restore", file, "--database-url", &other];
    workspace.run(&line).succeeded();
    let sql = [
        "db",
        "psql",
        "--database-url",
        &other,
        "--",
        "-qtAc",
        "SELECT name FROM boats",
    ];
    assert_eq!(workspace.run(&sql).succeeded(), "Argo\n");
}

#[test]
fn where_it_is_told_to() {
    let workspace = filled();
    let folder = workspace.path("kept/");
    let folder = folder.to_str().unwrap();
    workspace
        .run(&["db", "backup", "--out", folder])
        .succeeded();
    assert_eq!(names(Path::new(folder)).len(), 1);
    let file = workspace.path("kept/mine.dump");
    let out = ["db", "backup", "--out", file.to_str().unwrap()];
    let report = workspace.run(&[&out[..], &["--json"]].concat()).json(0);
    assert_eq!(report["path"], file.to_str().unwrap());
    let before = fs::read(&file).unwrap();
    let stderr = workspace.run(&out).failed_with(3);
    assert!(stderr.contains("is there already"), "{stderr}");
    assert_eq!(fs::read(&file).unwrap(), before);
    let parallel = workspace.path("kept/parallel");
    let line = [
        "db",
        "backup",
        "--jobs",
        "2",
        "--out",
        parallel.to_str().unwrap(),
    ];
    workspace.run(&line).succeeded();
    assert!(parallel.join("toc.dat").exists());
    workspace
        .run(&[
            "db",
            "restore",
            parallel.to_str().unwrap(),
            "--jobs",
            "2",
            "--yes",
        ])
        .succeeded();
    let stderr = workspace
        .run(&["db", "restore", "nowhere.dump"])
        .failed_with(1);
    assert!(stderr.contains("there is no `nowhere.dump`"), "{stderr}");
}

#[test]
fn a_restore_names_who_is_in_its_way() {
    let workspace = filled();
    workspace.run(&["db", "backup"]).succeeded();
    let folder = workspace.path(".seachange/backups");
    let file = folder.join(&names(&folder)[0]);
    let file = file.to_str().unwrap();
    let url = workspace.run(&["db", "url", "--socket"]).succeeded();
    let mut session = Command::new("psql")
        .args([
            "-XqAt",
            url.trim(),
            "-c",
            "SET application_name = 'shop'",
            "-c",
            "SELECT pg_sleep(600)",
        ])
        .spawn()
        .unwrap();
    let there = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'shop'";
    while workspace.sql(there) != "1\n" {
        std::thread::yield_now();
    }
    let error = workspace
        .run(&["db", "restore", file, "--yes", "--json"])
        .json(3);
    assert_eq!(error["missing"], serde_json::json!(["--force"]));
    assert!(
        error["error"]
            .as_str()
            .unwrap()
            .contains("`shop` of role `postgres`"),
        "{error}"
    );
    workspace
        .run(&["db", "restore", file, "--yes", "--force"])
        .succeeded();
    assert!(!session.wait().unwrap().success());
    assert_eq!(workspace.sql("SELECT name FROM boats"), "Argo\n");
}

#[test]
fn ctrl_c_leaves_no_file() {
    let workspace = filled();
    let url = workspace.run(&["db", "url", "--socket"]).succeeded();
    let mut holder = Command::new("psql")
        .args([
            "-XqAt",
            url.trim(),
            "-c",
            "BEGIN; LOCK TABLE boats; SELECT pg_sleep(600)",
        ])
        .spawn()
        .unwrap();
    let held = "SELECT count(*) FROM pg_locks WHERE relation = 'boats'::regclass AND granted AND mode LIKE 'AccessEx%'";
    while workspace.sql(held) != "1\n" {
        std::thread::yield_now();
    }
    let mut terminal = Terminal::open(&workspace.command(&["db", "backup"]));
    terminal.expect("backing up");
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'";
    while workspace.sql(waits) != "1\n" {
        std::thread::yield_now();
    }
    terminal.type_in(CTRL_C);
    terminal.ends_with(130);
    assert_eq!(names(&workspace.path(".seachange/backups")), [""; 0]);
    holder.kill().unwrap();
    holder.wait().unwrap();
    workspace.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()");
}

#[test]
fn a_push_backs_up_what_it_is_about_to_change() {
    let workspace = filled();
    workspace.run(&["db", "push", "--backup"]).succeeded();
    let folder = workspace.path(".seachange/backups");
    assert_eq!(names(&folder), [""; 0], "there was nothing to do");
    workspace.write("sql/before/ports.sql", "CREATE TABLE ports (name text);");
    let ran = workspace.run(&["db", "push", "--backup", "--keep", "30d", "--json"]);
    let report = ran.json(0);
    let path = report["backup"]["path"].as_str().unwrap();
    assert_eq!(
        Path::new(path).file_name().unwrap().to_str().unwrap(),
        names(&folder)[0]
    );
    workspace.run(&["db", "restore", path, "--yes"]).succeeded();
    assert_eq!(workspace.sql("SELECT to_regclass('ports') IS NULL"), "t\n");
    for line in [
        ["db", "push", "--backup", "--dry-run"],
        ["db", "migrate", "--backup", "--dry-run"],
        ["db", "rollback", "--keep", "7d"],
        ["db", "backup", "--jobs", "0"],
        ["db", "backup", "--keep", "7"],
    ] {
        assert_eq!(workspace.run(&line).code, 64, "{line:?}");
    }
}
