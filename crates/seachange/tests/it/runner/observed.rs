//! What a run tells beside its results: lines that a collector of logs reads, and its summary.

use serde_json::Value;

use super::database::TestDatabase;
use super::process::{finished, run};

fn lines(stderr: &str) -> Vec<Value> {
    let lines = stderr.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

#[tokio::test]
async fn every_line_of_a_log_in_json_is_an_object() {
    let database = TestDatabase::new().await;
    let (_, stderr) = run(&database.url, "up --log-format json", 0);
    let all = lines(&stderr);
    let message = |text: &str| {
        all.iter().any(|line| {
            let message = line["message"].as_str();
            line["target"] == "seachange::message" && message.is_some_and(|it| it.starts_with(text))
        })
    };
    assert!(message("database: postgres://"), "{stderr}");
    assert!(
        message("applying m20260101_000000_create_notes"),
        "{stderr}"
    );
    for phase in ["lock", "record", "migration", "run"] {
        let ended = |line: &&Value| line["message"] == "close" && line["span"]["name"] == phase;
        let line = all.iter().find(ended);
        let line = line.unwrap_or_else(|| panic!("{phase}: {stderr}"));
        assert!(line["time.busy"].is_string(), "{line}");
    }
    let (_, stderr) = run(&database.url, "down --to nothing --log-format json", 1);
    let all = lines(&stderr);
    let error = all.iter().find(|line| line["level"] == "ERROR").unwrap();
    assert_eq!(error["message"], "there is no migration `nothing`");
    assert!(all.iter().any(|line| line["help"].is_string()), "{stderr}");
}

/// Whatever is asked of the log, what people are told is told.
#[tokio::test]
async fn the_filter_takes_no_message_away() {
    let database = TestDatabase::new().await;
    let mut command = super::process::command(&database.url, "status");
    command
        .env("RUST_LOG", "off")
        .env("SEACHANGE_LOG_FORMAT", "json");
    let (_, stderr) = finished(command.output().unwrap(), 0);
    assert_eq!(lines(&stderr).len(), 1, "{stderr}");
}

#[tokio::test]
async fn a_summary_says_how_it_ended_and_what_took_how_long() {
    let database = TestDatabase::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summary.json");
    let summary = |arguments: &str, code: i32| -> Value {
        let arguments = format!("{arguments} --summary {}", path.display());
        run(&database.url, &arguments, code);
        serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()
    };
    let done = summary("up", 0);
    assert_eq!(done["version"], 1);
    assert_eq!(done["command"], "up");
    assert_eq!(done["exit_code"], 0);
    assert_eq!(done["error"], Value::Null);
    assert!(done["duration_ms"].is_u64() && done["started_at"].is_string());
    let phases = done["phases"].as_array().unwrap();
    let count = |name: &str| {
        let phase = phases.iter().find(|phase| phase["name"] == name);
        phase.unwrap_or_else(|| panic!("{name}: {done}"))["count"].clone()
    };
    assert_eq!(count("run/lock"), 1);
    let migrations = count("run/migration").as_u64().unwrap();
    assert!(migrations > 1);
    assert!(count("run/migration/statement").as_u64().unwrap() >= migrations);
    let failed = summary("down --to nothing", 1);
    assert_eq!(failed["exit_code"], 1);
    assert_eq!(failed["error"], "there is no migration `nothing`");

    let (_, stderr) = run(&database.url, "status --summary /nowhere/summary.json", 1);
    assert!(
        stderr.contains("cannot write the summary of the run"),
        "{stderr}"
    );
}
