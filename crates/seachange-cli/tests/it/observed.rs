//! What a command tells beside its results: lines of a log, and a summary.

use serde_json::Value;

use crate::workspace::Workspace;

#[test]
fn in_json_every_line_on_stderr_is_an_object() {
    let workspace = Workspace::with_server();
    let ran = workspace.run(&["db", "push", "--dry-run", "--log-format", "json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let lines: Vec<Value> = (ran.stderr.lines())
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    assert!(
        lines
            .iter()
            .any(|line| line["target"] == "seachange::message"),
        "{lines:?}"
    );
    // A phase that ended, within the whole run.
    assert!(
        lines
            .iter()
            .any(|line| line["message"] == "close" && line["spans"][0]["command"] == "push"),
        "{lines:?}"
    );
}

#[test]
fn a_refusal_is_a_line_of_its_level_with_its_help() {
    let workspace = Workspace::new();
    let ran = workspace.run(&["db", "seed", "--log-format", "json"]);
    let stderr = ran.failed_with(1);
    let lines: Vec<Value> = (stderr.lines())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(
        lines.iter().any(|line| line["level"] == "ERROR"),
        "{stderr}"
    );
    assert!(
        lines.iter().any(|line| line["help"]
            .as_str()
            .is_some_and(|help| help.contains("make one"))),
        "{stderr}"
    );
}

#[test]
fn a_summary_says_how_it_ended_and_how_long_each_phase_took() {
    let workspace = Workspace::with_server();
    let file = workspace.path("summary.json");
    let summary =
        || -> Value { serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap() };
    let name = file.to_str().unwrap();
    let ran = workspace.run(&["db", "push", "--summary", name]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let done = summary();
    assert_eq!(
        (&done["command"], &done["exit_code"]),
        (&"push".into(), &0.into())
    );
    let phases: Vec<&str> = (done["phases"].as_array().unwrap().iter())
        .map(|phase| phase["name"].as_str().unwrap())
        .collect();
    assert!(
        phases.contains(&"run") && phases.contains(&"run/push"),
        "{phases:?}"
    );
    assert!(!done["target"].as_str().unwrap().is_empty());

    workspace
        .run(&["db", "seed", "--summary", name])
        .failed_with(1);
    let failed = summary();
    assert_eq!(failed["exit_code"], 1);
    assert!(!failed["error"].as_str().unwrap().is_empty(), "{failed}");
}

#[test]
fn a_summary_that_cant_be_written_is_told() {
    let workspace = Workspace::with_server();
    let ran = workspace.run(&["db", "status", "--summary", "/nowhere/at/all.json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let stderr = &ran.stderr;
    assert!(
        stderr.contains("cannot write the summary") && stderr.contains("help: "),
        "{stderr}"
    );
}
