//! Which database is meant, and what is said when that can't be told.

use std::fs;

use crate::workspace::Workspace;

const FLAG: &str = "postgres://ada:one@flag.example/app";
const ENVIRONMENT: &str = "postgres://ada:two@environment.example/app";
const FILE: &str = "postgres://ada:three@file.example/app";

#[test]
fn the_flag_then_the_environment_then_the_file() {
    let workspace = Workspace::new();
    workspace.write(".env", &format!("OTHER=1\nDATABASE_URL=\"{FILE}\"\n"));
    let url = |arguments: &[&str], environment: &[(&str, &str)]| {
        let line: Vec<&str> = ["db", "url"].iter().chain(arguments).copied().collect();
        workspace.run_with(&line, environment).succeeded()
    };
    let set = [("DATABASE_URL", ENVIRONMENT)];
    assert_eq!(url(&["--database-url", FLAG], &set), format!("{FLAG}\n"));
    assert_eq!(url(&[], &set), format!("{ENVIRONMENT}\n"));
    assert_eq!(url(&[], &[]), format!("{FILE}\n"));
    // Empty is as good as unset.
    assert_eq!(url(&[], &[("DATABASE_URL", "")]), format!("{FILE}\n"));
    workspace.run(&["db", "url", "--socket"]).failed_with(64);
}

#[test]
fn a_file_that_cannot_be_understood_is_named() {
    let workspace = Workspace::new();
    workspace.write(".env", "DATABASE_URL=\"postgres://ada:s3cret@h/app\n");
    let stderr = workspace.run(&["db", "url"]).failed_with(1);
    assert!(
        stderr.contains(".env") && stderr.contains("DATABASE_URL"),
        "{stderr}"
    );
    assert!(!stderr.contains("s3cret"), "{stderr}");

    // A line about something else hides nothing, and neither does a byte order mark.
    workspace.write(
        ".env",
        &format!("\u{feff}NO LINE=\"\nDATABASE_URL={FILE}\n"),
    );
    let ran = workspace.run(&["db", "url"]);
    assert!(
        ran.code == 1 || ran.stdout == format!("{FILE}\n"),
        "{ran:?}"
    );
    workspace.write(".env", &format!("\u{feff}DATABASE_URL={FILE}\nNO LINE\n"));
    assert_eq!(
        workspace.run(&["db", "url"]).succeeded(),
        format!("{FILE}\n")
    );

    fs::remove_file(workspace.path(".env")).unwrap();
    fs::create_dir(workspace.path(".env")).unwrap();
    let stderr = workspace.run(&["db", "url"]).failed_with(1);
    assert!(
        stderr.contains("cannot read") && stderr.contains("help:"),
        "{stderr}"
    );
}

#[test]
fn only_postgresql_is_taken() {
    let workspace = Workspace::new();
    for url in [
        "mysql://ada:s3cret@h/app",
        "postgres//h",
        "app",
        "postgres://ada:s3cret@h:x/app",
    ] {
        let stderr = workspace
            .run(&["db", "url", "--database-url", url])
            .failed_with(64);
        assert!(stderr.contains("--database-url"), "{stderr}");
        assert!(stderr.contains("help: a URL reads"), "{stderr}");
        assert!(!stderr.contains("s3cret"), "{stderr}");
        let stderr = workspace
            .run_with(&["db", "url"], &[("DATABASE_URL", url)])
            .failed_with(1);
        assert!(
            stderr.contains("DATABASE_URL of the environment"),
            "{stderr}"
        );
    }
}

#[test]
fn the_password_is_masked_wherever_the_target_is_named() {
    let workspace = Workspace::new();
    // Nothing listens on port 1.
    let url = "postgres://ada:s3cret@127.0.0.1:1/app";
    for command in [
        "status", "migrate", "rollback", "reset", "doctor", "push", "backup",
    ] {
        for json in [None, Some("--json")] {
            let mut line = vec!["db", command, "--database-url", url];
            line.extend(json);
            let ran = workspace.run(&line);
            assert_eq!(ran.code, 1, "{line:?}: {ran:?}");
            let all = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!all.contains("s3cret"), "{line:?}: {all}");
            assert!(all.contains("ada:***@127.0.0.1:1"), "{line:?}: {all}");
        }
    }
}
