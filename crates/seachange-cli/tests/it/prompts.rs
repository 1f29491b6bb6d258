//! Every question, answered by keys on a terminal, by lines where it can't be drawn, and by nobody.

use serde_json::{Value, json};

use crate::folder::{add, apply, declare};
use crate::terminal::{CTRL_C, CTRL_D, DOWN, ENTER, ESCAPE, Terminal, UP};
use crate::workspace::Workspace;

/// A command that asks before it does anything.
struct Asks {
    workspace: Workspace,
    line: Vec<String>,
    /// What is asked.
    question: &'static str,
    /// The flags that say yes.
    flags: Value,
    /// What holds while nothing was done.
    untouched: fn(&Workspace) -> String,
}

impl Asks {
    fn words(&self) -> Vec<&str> {
        self.line.iter().map(String::as_str).collect()
    }

    #[track_caller]
    fn terminal(&self, environment: &[(&str, &str)]) -> Terminal {
        let mut command = self.workspace.command(&self.words());
        command.envs(environment.iter().copied());
        let mut terminal = Terminal::open(&command);
        terminal.expect(self.question);
        terminal
    }

    /// Whatever is no yes does nothing.
    fn is_never_answered_by_accident(&self) {
        let before = (self.untouched)(&self.workspace);
        for (keys, code) in [("n\r", 3), (ENTER, 3), (ESCAPE, 3), (CTRL_C, 130)] {
            let mut terminal = self.terminal(&[]);
            terminal.type_in(keys);
            let terminal = terminal.ends_with(code);
            let last = if code == 3 {
                "nothing was changed"
            } else {
                "interrupted"
            };
            assert!(terminal.shows(last), "{keys:?}: {}", terminal.words());
        }
        let mut terminal = self.terminal(&[]);
        terminal.type_in("nonsense\r");
        terminal.expect("Invalid answer");
        terminal.type_in(ESCAPE);
        terminal.ends_with(3);
        for (keys, code) in [("n\r", 3), (ENTER, 3), (CTRL_D, 3), (CTRL_C, 130)] {
            let terminal = self.by_line(keys).ends_with(code);
            assert!(
                !terminal.written().contains('\x1b'),
                "{}",
                terminal.written()
            );
        }
        // Neither where nobody can answer.
        for environment in [&[][..], &[("CI", "true")]] {
            let error = self.workspace.run_with(&self.words_in_json(), environment);
            assert_eq!(error.json(3)["missing"], self.flags, "{:?}", self.line);
        }
        let stderr = self.workspace.run(&self.words()).failed_with(3);
        for flag in self.flags.as_array().unwrap() {
            assert!(stderr.contains(flag.as_str().unwrap()), "{stderr}");
        }
        assert_eq!((self.untouched)(&self.workspace), before, "{:?}", self.line);
    }

    fn by_line(&self, keys: &str) -> Terminal {
        let mut terminal = self.terminal(&[("SEACHANGE_PLAIN", "1"), ("NO_COLOR", "1")]);
        terminal.expect("press Enter");
        terminal.type_in(keys);
        terminal
    }

    fn words_in_json(&self) -> Vec<&str> {
        [&self.words()[..], &["--json"]].concat()
    }
}

fn words(line: &[&str]) -> Vec<String> {
    line.iter().map(|word| (*word).to_owned()).collect()
}

fn boats(workspace: &Workspace) -> String {
    workspace.sql("SELECT string_agg(name, ' ' ORDER BY name) FROM boats")
}

fn filled() -> Workspace {
    let workspace = Workspace::with_server();
    workspace.sql("CREATE TABLE boats (name text); INSERT INTO boats VALUES ('Argo')");
    workspace
}

/// The same server by an address that is not this machine's own name for itself.
fn from_elsewhere(workspace: &Workspace) -> String {
    let url = workspace.run(&["db", "url"]).succeeded();
    let (start, rest) = url.trim().split_once('@').unwrap();
    let (_, rest) = rest.split_once(':').unwrap();
    format!("{start}@0.0.0.0:{rest}")
}

#[test]
fn reset() {
    Asks {
        workspace: filled(),
        line: words(&["db", "reset"]),
        question: "drop harbour with 1 table and all its rows?",
        flags: json!(["--yes"]),
        untouched: boats,
    }
    .is_never_answered_by_accident();
}

#[test]
fn restore() {
    let workspace = filled();
    let backup = workspace.run(&["db", "backup", "--json"]).json(0);
    let file = backup["path"].as_str().unwrap();
    workspace.sql("INSERT INTO boats VALUES ('Beagle')");
    let asks = Asks {
        line: words(&["db", "restore", file]),
        workspace,
        question: "replace harbour with 1 table and all its rows by the backup?",
        flags: json!(["--yes"]),
        untouched: boats,
    };
    asks.is_never_answered_by_accident();
    let mut terminal = asks.terminal(&[]);
    terminal.type_in("y\r");
    terminal.ends_with(0);
    assert_eq!(boats(&asks.workspace), "Argo\n");
}

#[test]
fn restore_elsewhere() {
    let workspace = filled();
    let backup = workspace.run(&["db", "backup", "--json"]).json(0);
    workspace.sql("CREATE DATABASE island");
    let url = from_elsewhere(&workspace).replace("/harbour", "/island");
    let file = backup["path"].as_str().unwrap();
    Asks {
        line: words(&["db", "restore", file, "--database-url", &url]),
        workspace,
        question: "restore into postgres://",
        flags: json!(["--yes"]),
        untouched: boats,
    }
    .is_never_answered_by_accident();
}

#[test]
fn rollback() {
    let workspace = Workspace::with_server();
    let version = add(&workspace, 1, "boats");
    apply(&workspace, &version, "boats");
    Asks {
        workspace,
        line: words(&["db", "rollback"]),
        question: "roll back `m20260101_000100_boats` on harbour",
        flags: json!(["--yes"]),
        untouched: |workspace| workspace.sql("SELECT version FROM seaql_migrations"),
    }
    .is_never_answered_by_accident();
}

#[test]
fn rollback_of_many() {
    Asks {
        workspace: filled(),
        line: words(&["db", "rollback", "--fleet", "tenants.txt"]),
        question: "roll back the last migration on each of the targets in `tenants.txt`?",
        flags: json!(["--yes", "--allow-remote"]),
        untouched: boats,
    }
    .is_never_answered_by_accident();
}

#[test]
fn baseline() {
    let workspace = filled();
    declare(&workspace, &[]);
    Asks {
        workspace,
        line: words(&["db", "baseline"]),
        question: "write its first migration and record it as applied on harbour",
        flags: json!(["--yes"]),
        untouched: |workspace| {
            let files = std::fs::read_dir(workspace.path("migration/src")).unwrap();
            let record = workspace.sql("SELECT to_regclass('seaql_migrations')");
            format!("{} {record}", files.count())
        },
    }
    .is_never_answered_by_accident();
}

#[test]
fn squash() {
    let workspace = Workspace::with_server();
    for (minute, table) in [(1, "boats"), (2, "crews")] {
        add(&workspace, minute, table);
    }
    declare(&workspace, &["boats", "crews"]);
    Asks {
        workspace,
        line: words(&["db", "squash"]),
        question: "remove 2 migrations, which git does not have as they are?",
        flags: json!(["--yes"]),
        untouched: |workspace| {
            std::fs::read_to_string(workspace.path("migration/seachange.lock")).unwrap()
        },
    }
    .is_never_answered_by_accident();
}

#[test]
fn seed_truncate() {
    let workspace = filled();
    workspace.write("seed/Cargo.toml", "");
    Asks {
        workspace,
        line: words(&["db", "seed", "--truncate"]),
        question: "empty the seeded tables of harbour",
        flags: json!(["--yes"]),
        untouched: boats,
    }
    .is_never_answered_by_accident();
}

#[test]
fn push_that_loses_data() {
    let workspace = Workspace::with_server();
    workspace.write(
        "sql/before/boats.sql",
        "CREATE TABLE boats (name text, length int);",
    );
    workspace.run(&["db", "push"]).succeeded();
    workspace.sql("INSERT INTO boats VALUES ('Argo', 7)");
    workspace.write("sql/before/boats.sql", "CREATE TABLE boats (name text);");
    let asks = Asks {
        workspace,
        line: words(&["db", "push"]),
        question: "This loses data: drops every value of boats.length",
        flags: json!(["--allow-data-loss boats.length"]),
        untouched: |workspace| workspace.sql("SELECT name, length FROM boats"),
    };
    asks.is_never_answered_by_accident();
    asks.by_line("yes\r").ends_with(0);
    assert_eq!(asks.workspace.sql("SELECT * FROM boats"), "Argo\n");
}

#[test]
fn push_elsewhere() {
    let workspace = filled();
    workspace.write("sql/before/piers.sql", "CREATE TABLE piers (name text);");
    let url = from_elsewhere(&workspace);
    Asks {
        line: words(&["db", "push", "--allow-remote", "--database-url", &url]),
        workspace,
        question: "Apply this to postgres://",
        flags: json!(["--yes"]),
        untouched: |workspace| workspace.sql("SELECT to_regclass('piers')"),
    }
    .is_never_answered_by_accident();
}

/// A column that may have been renamed or dropped, with a row in it.
fn renamed() -> Workspace {
    let workspace = Workspace::with_server();
    workspace.write("sql/before/boats.sql", "CREATE TABLE boats (name text);");
    workspace.run(&["db", "push"]).succeeded();
    workspace.sql("INSERT INTO boats VALUES ('Argo')");
    workspace.write("sql/before/boats.sql", "CREATE TABLE boats (title text);");
    workspace
}

const GONE: &str = "column boats.name is no longer declared. What became of it?";

fn asked(workspace: &Workspace) -> Terminal {
    let mut terminal = Terminal::open(&workspace.command(&["db", "push"]));
    terminal.expect(GONE);
    terminal.expect("it is dropped, with all its data");
    terminal
}

#[test]
fn a_rename_is_chosen_by_arrows_and_enter_loses_nothing() {
    let workspace = renamed();
    let name = || workspace.sql("SELECT name FROM boats");
    for (keys, code) in [(ESCAPE, 3), (CTRL_C, 130)] {
        let mut terminal = asked(&workspace);
        terminal.type_in(keys);
        terminal.ends_with(code);
        assert_eq!(name(), "Argo\n");
    }
    // Dropped is what was chosen, and asked again before the data go: Enter keeps them.
    let mut terminal = asked(&workspace);
    terminal.type_in(DOWN);
    terminal.expect("> it is dropped");
    terminal.type_in(ENTER);
    terminal.expect("Go on?");
    terminal.type_in(ENTER);
    terminal.ends_with(3);
    assert_eq!(name(), "Argo\n");
    // There and back with the arrows, while the terminal becomes narrow: the first one is the rename.
    let mut terminal = asked(&workspace);
    terminal.type_in(DOWN);
    terminal.expect("> it is dropped");
    terminal.resize(60);
    terminal.type_in(UP);
    terminal.expect("> it is called title now");
    terminal.type_in(ENTER);
    terminal.ends_with(0);
    assert_eq!(workspace.sql("SELECT title FROM boats"), "Argo\n");
}

#[test]
fn a_rename_is_chosen_by_its_number() {
    let workspace = renamed();
    let open = || {
        let mut terminal = Terminal::open(&workspace.command(&["db", "push", "--plain"]));
        terminal.expect(GONE);
        terminal.expect("2: it is dropped, with all its data");
        terminal.expect("press Enter, or an empty line to change nothing.");
        terminal
    };
    for (keys, code) in [(ENTER, 3), (CTRL_D, 3), (CTRL_C, 130)] {
        let mut terminal = open();
        terminal.type_in(keys);
        terminal.ends_with(code);
        assert_eq!(workspace.sql("SELECT name FROM boats"), "Argo\n");
    }
    let mut terminal = open();
    terminal.type_in("3\r");
    terminal.expect("`3` is none of the numbers.");
    terminal.type_in("1\r");
    let terminal = terminal.ends_with(0);
    assert!(
        terminal.shows("rename column boats.name"),
        "{}",
        terminal.words()
    );
    assert_eq!(workspace.sql("SELECT title FROM boats"), "Argo\n");
}

#[test]
fn a_rename_that_nobody_can_answer_names_its_flags() {
    let workspace = renamed();
    let error = workspace.run(&["db", "push", "--json"]).json(3);
    let flags = json!(["--rename boats.name:title", "--allow-data-loss boats.name"]);
    assert_eq!(error["missing"], flags);
    // A terminal that can't move its cursor is asked by lines.
    let mut command = workspace.command(&["db", "push"]);
    command.env("TERM", "dumb");
    let mut terminal = Terminal::open(&command);
    terminal.expect("1: it is called title now");
    terminal.type_in("\r");
    let terminal = terminal.ends_with(3);
    assert!(
        !terminal.written().contains('\x1b'),
        "{}",
        terminal.written()
    );
}
