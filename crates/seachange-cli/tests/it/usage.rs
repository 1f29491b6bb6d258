//! Arguments, help, and the codes that bad usage ends with.

use crate::workspace::Workspace;

#[test]
fn help_is_a_result() {
    let workspace = Workspace::new();
    for (line, part) in [
        (vec![], "echo"),
        (vec!["--help"], "echo"),
        (vec!["help"], "echo"),
        (vec!["db"], "rollback"),
        (vec!["db", "--help"], "--database-url"),
        (vec!["db", "help", "migrate"], "--dry-run"),
        (vec!["db:migrate", "-h"], "--dry-run"),
        (vec!["--version"], "xtask"),
        (vec!["completions", "bash"], "complete"),
    ] {
        let stdout = workspace.run(&line).succeeded();
        assert!(stdout.contains(part), "{line:?}: {stdout}");
    }
}

#[test]
fn bad_usage_ends_with_64() {
    let workspace = Workspace::new();
    for line in [
        vec!["nope"],
        vec!["db", "nope"],
        vec!["db:nope"],
        vec!["db", "url", "--nope"],
        vec!["db", "migrate", "--steps", "x"],
        vec!["db", "migrate", "--steps", "1", "--to", "x"],
        vec!["db", "rollback", "--all", "--to", "x"],
        vec!["db", "url", "--color", "sometimes"],
        vec!["db", "psql", "--json"],
    ] {
        let ran = workspace.run(&line);
        assert_eq!(ran.code, 64, "{line:?}: {ran:?}");
    }
    let error = workspace.run(&["db", "url", "--json", "--nope"]).json(64);
    assert_eq!(error["exit"], 64);
    assert!(error["error"].as_str().unwrap().contains("--nope"));
}

#[test]
fn a_command_of_the_workspace_gets_its_arguments_unread() {
    let ran = Workspace::new().run(&["echo", "--json", "-x", "db:url"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (7, "--json -x db:url\n"));
}

#[test]
fn colour_only_where_it_is_wanted() {
    let workspace = Workspace::new();
    let line = ["db", "url", "--database-url", "nonsense"];
    let coloured = |more: &[&str], environment: &[(&str, &str)]| {
        let line: Vec<&str> = line.iter().chain(more).copied().collect();
        let stderr = workspace.run_with(&line, environment).failed_with(64);
        stderr.contains('\u{1b}')
    };
    assert!(!coloured(&[], &[]), "stderr is no terminal");
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(
        &[],
        &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]
    ));
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}
