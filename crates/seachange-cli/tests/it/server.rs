//! The workspace's own server, from nothing to stopped.

use crate::workspace::Workspace;

#[test]
fn from_nothing_to_stopped() {
    let workspace = Workspace::new();
    let health = workspace.run(&["db", "doctor", "--json"]).json(0);
    assert_eq!(health["healthy"], true);
    assert!(
        !workspace.path(".seachange").exists(),
        "looking makes nothing"
    );
    let stopped = workspace.run(&["db", "stop", "--json"]).json(0);
    assert_eq!(stopped["stopped"], serde_json::json!([]));

    let started = workspace.run(&["db", "start", "--json"]).json(0);
    assert_eq!(started["freshly_started"], true);
    let again = workspace.run(&["db", "start", "--json"]).json(0);
    assert_eq!(again["freshly_started"], false);
    assert_eq!(again["pid"], started["pid"]);

    let url = workspace.run(&["db:url"]).succeeded();
    assert_eq!(url.lines().count(), 1, "{url}");
    assert!(
        url.starts_with("postgres://") && url.ends_with("/harbour\n"),
        "{url}"
    );
    assert_eq!(workspace.sql("SELECT current_database()"), "harbour\n");

    // The URL is good for others, and says where it came from.
    let ran = workspace.run_with(
        &["db", "status", "--exit-code"],
        &[
            ("DATABASE_URL", url.trim()),
            ("SEACHANGE_SCRATCH_URL", url.trim()),
        ],
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("***"), "{ran:?}");
    assert!(
        ran.stderr.contains("DATABASE_URL of the environment"),
        "{ran:?}"
    );

    let stopped = workspace.run(&["db", "stop", "--json"]).json(0);
    assert_eq!(stopped["stopped"], serde_json::json!(["development"]));
    assert_eq!(
        workspace.run(&["db", "stop"]).succeeded(),
        "no server was running\n"
    );
}

#[test]
fn a_home_elsewhere() {
    let workspace = Workspace::new();
    let home = workspace.path("elsewhere");
    let home = [("SEACHANGE_HOME", home.to_str().unwrap())];
    let stopped = workspace.run_with(&["db", "start"], &home);
    assert_eq!(stopped.code, 0, "{stopped:?}");
    assert!(workspace.path("elsewhere").exists());
    assert!(!workspace.path(".seachange").exists());
    assert_eq!(workspace.run_with(&["db", "stop"], &home).code, 0);
}

#[test]
fn programs_that_are_none_are_bad() {
    let workspace = Workspace::new();
    let folder = workspace.path("nothing");
    let folder = folder.to_str().unwrap();
    let stderr = workspace
        .run(&["db", "start", "--server-bin", folder])
        .failed_with(1);
    assert!(
        stderr.contains(folder) && stderr.contains("help:"),
        "{stderr}"
    );
    let health = workspace
        .run_with(&["db", "doctor", "--json"], &[("SEACHANGE_PG_BIN", folder)])
        .json(1);
    assert_eq!(health["healthy"], false);
}
