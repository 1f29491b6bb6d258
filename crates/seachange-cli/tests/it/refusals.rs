//! What is refused for want of consent, and the flags that such a refusal names.

use crate::terminal::{CTRL_C, ENTER, Terminal};
use crate::workspace::Workspace;

const REMOTE: &str = "postgres://ada:s3cret@db.example/app";

#[test]
fn reset_is_for_local_databases_and_no_flag_opens_it() {
    let workspace = Workspace::new();
    let line = ["db", "reset", "--database-url", REMOTE, "--yes"];
    let stderr = workspace.run(&line).failed_with(3);
    assert!(stderr.contains("not on this machine"), "{stderr}");
    let error = workspace
        .run(&["db", "reset", "--database-url", REMOTE, "--yes", "--json"])
        .json(3);
    assert_eq!(error.get("missing"), None);
}

#[test]
fn without_a_package_that_fills_it_seed_says_so() {
    let workspace = Workspace::new();
    let stderr = workspace.run(&["db", "seed"]).failed_with(1);
    assert!(
        stderr.contains("no package `seed`") && stderr.contains("help: "),
        "{stderr}"
    );
}

#[test]
fn seeding_another_machine_names_its_flag() {
    let workspace = Workspace::new();
    workspace.write("seed/Cargo.toml", "");
    let line = ["db", "seed", "--database-url", REMOTE];
    let stderr = workspace.run(&line).failed_with(3);
    assert!(stderr.contains("--allow-remote"), "{stderr}");
    let error = workspace
        .run(&["db", "seed", "--database-url", REMOTE, "--json"])
        .json(3);
    assert_eq!(error["missing"], serde_json::json!(["--allow-remote"]));
}

#[test]
fn rolling_a_fleet_back_is_asked_once_and_a_list_may_name_any_machine() {
    let workspace = Workspace::new();
    let line = ["db", "rollback", "--fleet", "tenants.txt"];
    let stderr = workspace.run(&line).failed_with(3);
    assert!(
        stderr.contains("the last migration on each of the targets in `tenants.txt`"),
        "{stderr}"
    );
    let missing = |more: &[&str]| {
        let line = [&["db", "rollback", "--json"], more].concat();
        workspace.run(&line).json(3)["missing"].clone()
    };
    let both = serde_json::json!(["--yes", "--allow-remote"]);
    assert_eq!(missing(&["--fleet", "tenants.txt"]), both);
    assert_eq!(
        missing(&["--fleet-command", "cat tenants.txt", "--all"]),
        both
    );
    let schemas = ["--fleet-schemas", "tenant_*", "--database-url"];
    let local = "postgres://ada@localhost/app";
    let of = |url| missing(&[&schemas[..], &[url]].concat());
    assert_eq!(of(REMOTE), both);
    assert_eq!(of(local), serde_json::json!(["--yes"]));
}

#[test]
fn what_holds_tables_is_dropped_only_with_consent() {
    let workspace = Workspace::with_server();
    workspace.sql("CREATE TABLE boats (name text); INSERT INTO boats VALUES ('Argo')");
    let still_there = || assert_eq!(workspace.sql("SELECT name FROM boats"), "Argo\n");

    let stderr = workspace.run(&["db", "reset"]).failed_with(3);
    assert!(
        stderr.contains("--yes") && stderr.contains("1 table"),
        "{stderr}"
    );
    still_there();
    let error = workspace
        .run_with(&["db", "reset", "--json"], &[("CI", "true")])
        .json(3);
    assert_eq!(error["missing"], serde_json::json!(["--yes"]));
    still_there();

    // On a terminal it is asked, and nothing but a yes is one.
    for answer in ["n", ""] {
        let mut terminal = Terminal::open(&workspace.command(&["db", "reset"]));
        terminal.expect("drop harbour with 1 table");
        terminal.type_in(answer);
        terminal.type_in(ENTER);
        terminal.expect("nothing was changed");
        terminal.ends_with(3);
        still_there();
    }
    let mut terminal = Terminal::open(&workspace.command(&["db", "reset"]));
    terminal.expect("drop harbour with 1 table");
    terminal.type_in(CTRL_C);
    terminal.ends_with(130);
    still_there();

    // Not under CI, though there is a terminal.
    let mut command = workspace.command(&["db", "reset"]);
    command.env("CI", "true");
    let mut terminal = Terminal::open(&command);
    terminal.expect("--yes");
    terminal.ends_with(3);
    still_there();
}
