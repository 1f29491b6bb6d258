//! Colours, widths, and words for readers of screens, on a pseudo-terminal.

use crate::terminal::Terminal;
use crate::workspace::{Ran, Workspace};

const WRONG: [&str; 4] = ["db", "url", "--database-url", "nonsense"];

/// Whether the command colours what it writes on a terminal.
fn colours(workspace: &Workspace, line: &[&str], environment: &[(&str, &str)]) -> bool {
    let mut command = workspace.command(line);
    command.envs(environment.iter().copied());
    let terminal = Terminal::open(&command).ends_with(64);
    assert!(terminal.shows("error: "), "{}", terminal.words());
    terminal.written().contains('\x1b')
}

#[test]
fn colours_on_a_terminal() {
    let workspace = Workspace::new();
    let with = |more: &[&str], environment: &[(&str, &str)]| {
        colours(&workspace, &[&WRONG[..], more].concat(), environment)
    };
    assert!(with(&[], &[]));
    assert!(with(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(with(&["--color", "always"], &[("TERM", "dumb")]));
    assert!(with(&[], &[("NO_COLOR", "")]), "empty is as good as unset");
    assert!(!with(&["--color", "never"], &[]));
    for none in [("NO_COLOR", "1"), ("CLICOLOR", "0"), ("TERM", "dumb")] {
        assert!(!with(&[], &[none]), "{none:?}");
    }
}

#[test]
fn what_can_not_be_parsed_is_coloured_as_it_asks() {
    let workspace = Workspace::new();
    let line = |more: &[&'static str]| [&["db", "nope"], more].concat();
    assert!(colours(&workspace, &line(&[]), &[]));
    for never in [&["--color", "never"][..], &["--color=never"]] {
        assert!(!colours(&workspace, &line(never), &[]));
    }
}

/// Tables with long names, wide ones and combining ones.
fn wide() -> Workspace {
    let workspace = Workspace::with_server();
    workspace.write(
        "sql/before/tables.sql",
        "CREATE TABLE \"船舶登録簿\" (\"名前\" text);\n\
         CREATE TABLE \"be\u{301}ta\" (id int);\n\
         CREATE TABLE a_table_whose_name_is_as_long_as_names_of_tables_ever_are (id int);\n",
    );
    workspace
}

#[test]
fn what_is_told_fits_the_terminal() {
    let workspace = wide();
    for columns in [40, 80, 200] {
        let shown = |line: &[&str], code: i32| {
            let terminal = Terminal::sized(&workspace.command(line), columns).ends_with(code);
            let long: Vec<String> = (terminal.too_long().into_iter())
                // What can't be broken: SQL, which is copied, and names, URLs and hashes.
                .filter(|row| row.trim_start().contains(' ') && !row.contains("TABLE \""))
                .collect();
            assert!(long.is_empty(), "{columns} {line:?}: {long:#?}");
            terminal
        };
        shown(&["db", "doctor"], 0);
        shown(&["db", "check", "--no-database"], 1);
        shown(&["db", "lint"], 0);
        shown(&["db", "squash", "--to", "nothing"], 1);
        let terminal = shown(&["db", "push", "--dry-run"], 0);
        assert!(terminal.shows("船舶登録簿"), "{}", terminal.words());
        let terminal = shown(&["db", "status"], 0);
        assert!(terminal.shows("migrations: 0 applied, 0 pending"));
    }
}

/// The longest line, in characters: the lines that are asked for are plain ASCII.
fn longest(ran: &Ran) -> usize {
    let lines = ran.stderr.lines().chain(ran.stdout.lines());
    let prose = lines.filter(|line| line.trim().contains(' '));
    prose.map(|line| line.chars().count()).max().unwrap()
}

#[test]
fn without_a_terminal_columns_is_heeded_and_else_nothing_is_broken() {
    let workspace = Workspace::new();
    let with = |environment: &[(&str, &str)]| {
        let ran = workspace.run_with(&["db", "psql", "--database-url", "no url"], environment);
        assert_eq!(ran.code, 64, "{ran:?}");
        longest(&ran)
    };
    assert!(with(&[]) > 60);
    assert!(with(&[("COLUMNS", "40")]) <= 40);
    for nonsense in ["", "0", "wide", "-3"] {
        assert_eq!(with(&[("COLUMNS", nonsense)]), with(&[]), "{nonsense}");
    }
}

#[test]
fn in_words_nothing_is_drawn() {
    let workspace = wide();
    let plain = [("SEACHANGE_PLAIN", "1")];
    for (line, told) in [
        (&["db", "doctor"][..], "verdict: good\n"),
        (&["db", "check", "--no-database"], "check: files\n"),
        (&["db", "status"], "table: "),
        (&["db", "status", "-v"], "-- create table "),
    ] {
        // Once there is something in it.
        workspace.run(&["db", "push"]).succeeded();
        let by_variable = workspace.run_with(line, &plain);
        let flag = [line, &["--plain"]].concat();
        // How much space is free changes.
        let lasting = |text: &str| text.replace(|one: char| one.is_ascii_digit(), "");
        let by_flag = workspace.run(&flag).stdout;
        assert_eq!(lasting(&by_variable.stdout), lasting(&by_flag), "{line:?}");
        assert!(by_variable.stdout.contains(told), "{by_variable:?}");
        for sign in ["\n+ ", "\n~ ", "\n- ", " + ", "! ", "│", "─"] {
            assert!(
                !by_variable.stdout.contains(sign),
                "{sign}: {by_variable:?}"
            );
        }
    }
    workspace.write("sql/before/tables.sql", "CREATE TABLE boats (id int);");
    let mut line = vec!["db", "push", "--plain"];
    let long = "a_table_whose_name_is_as_long_as_names_of_tables_ever_are";
    for gone in ["船舶登録簿", "be\u{301}ta", long] {
        line.extend(["--allow-data-loss", gone]);
    }
    let stderr = workspace.run(&line).stderr;
    for told in ["create table boats (safe)\n", "hazard drops-data: "] {
        assert!(stderr.contains(told), "{stderr}");
    }
    // What programs read is the same for all.
    let json = |environment| {
        let ran = workspace.run_with(&["db", "check", "--no-database", "--json"], environment);
        ran.json(1)["checks"].clone()
    };
    assert_eq!(json(&plain), json(&[]));
}
