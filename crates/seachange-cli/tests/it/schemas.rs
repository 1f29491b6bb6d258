//! What the commands print with `--json`, held against the schemas that are published: every object that any test reads.

mod published;

use serde_json::{Value, json};

use published::{hold_to, published};

use crate::folder::{add, declare};
use crate::workspace::Workspace;

/// The document of a command line.
fn document(line: &[String]) -> String {
    let words: Vec<&str> = line.iter().map(String::as_str).collect();
    let command = match words.as_slice() {
        ["db", command, ..] => *command,
        [first, ..] => match first.strip_prefix("db:") {
            Some(command) => command,
            None => return (*first).to_owned(),
        },
        [] => panic!("no command"),
    };
    match command {
        "rollback" => "db-migrate".to_owned(),
        // It has no result in JSON.
        "psql" | "nope" => "failure".to_owned(),
        command => format!("db-{command}"),
    }
}

/// # Panics
///
/// If the object is not what is published of the command.
#[track_caller]
pub(crate) fn hold(line: &[String], value: &Value) {
    let name = document(line);
    hold_to(&name, value);
}

/// Those that other tests do not read anyway.
#[test]
fn what_else_is_printed() {
    let workspace = Workspace::with_server();
    let version = add(&workspace, 1, "boats");
    declare(&workspace, &["boats"]);
    for (line, code) in [
        (&["db", "url"][..], 0),
        (&["db", "doctor"], 0),
        (&["db", "start"], 0),
        (&["db", "status"], 0),
        (&["db", "check"], 1),
        (&["db", "check", "--drift"], 0),
        (&["db", "lint"], 0),
        (&["db", "diff", "--from", "empty", "--to", "entities"], 0),
        (&["db", "docs"], 0),
        (&["db", "docs", "--check"], 0),
        (&["db", "migrate", "--check"], 0),
        (&["db", "rebase"], 0),
        (&["db", "squash"], 0),
        (&["db", "pull", "--from", "entities", "--out", "pulled"], 0),
        (&["db", "generate", "--empty", "more"], 0),
        (&["db", "push", "--dry-run"], 0),
        (&["db", "push"], 0),
        (&["db", "backup"], 0),
        (&["db", "baseline", "--dry-run", "--to", &version], 0),
        (&["db", "psql"], 64),
        (&["db", "nope"], 64),
        (&["db", "restore", "nothing"], 1),
        (&["db", "install", "nonsense"], 1),
    ] {
        let ran = workspace.run(&[line, &["--json"]].concat());
        ran.json(code);
    }
}

/// A field that is not published is found, and so is one of another type.
#[test]
fn what_is_not_published_is_found() {
    let url = &published()["db-url"];
    assert!(url.is_valid(&json!({ "version": 1, "url": "postgres://" })));
    for wrong in [
        json!({ "version": 1, "url": 1 }),
        json!({ "version": 2, "url": "postgres://" }),
        json!({ "url": "postgres://" }),
        json!({ "version": 1, "url": "postgres://", "more": 1 }),
    ] {
        assert!(!url.is_valid(&wrong), "{wrong}");
    }
}
