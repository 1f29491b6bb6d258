//! Completions in real shells, typed at a pseudo-terminal, and man pages before their own checkers. What is not on this
//! machine is left out and counted; CI has all but PowerShell.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use crate::folder::add;
use crate::terminal::{ENTER, Terminal};
use crate::workspace::{Workspace, program};

/// Ctrl-U, which every shell takes for: away with what was typed.
const KILL_LINE: &str = "\x15";

/// A file that the run names; the tests that were left out write into it.
const UNTESTED: &str = "SEACHANGE_UNTESTED";

/// Whether a program is here; where it is not, the test is counted as left out.
///
/// # Panics
///
/// On CI, where nothing but PowerShell is left out.
fn is_here(name: &str) -> bool {
    let asked = Command::new("sh")
        .args(["-c", &format!("command -v {name}")])
        .stdout(Stdio::null())
        .status();
    if asked.unwrap().success() {
        return true;
    }
    let ci = std::env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false");
    assert!(!ci || name == "pwsh", "there is no {name} on this machine");
    let test = std::thread::current().name().unwrap_or("?").to_owned();
    eprintln!("!! NOT TESTED: {test} needs {name}");
    if let Some(file) = std::env::var_os(UNTESTED) {
        let mut file = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(file)
            .unwrap();
        file.write_all(format!("{name}\t{test}\n").as_bytes())
            .unwrap();
    }
    false
}

/// A workspace whose program was built, with a migration.
fn built() -> Workspace {
    let workspace = Workspace::new();
    fs::create_dir_all(workspace.path("target/debug")).unwrap();
    symlink(program(), workspace.path("target/debug/xtask")).unwrap();
    workspace.write(
        "migration/schema.sql",
        "CREATE TABLE \"boats\" (\n    \"name\" text\n);\n",
    );
    add(&workspace, 1, "boats");
    workspace.write("below/here", "");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = workspace.run(&["completions", shell]).succeeded();
        assert!(!script.contains("@NAME@") && script.contains("__complete"));
        workspace.write(&format!("complete.{shell}"), &script);
    }
    workspace
}

/// A shell that knows nothing of this machine's own settings, in a folder of the workspace.
fn in_workspace(workspace: &Workspace, line: &[&str]) -> Command {
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", workspace.path("target/debug").display());
    let mut command = Command::new(line[0]);
    command
        .args(&line[1..])
        .current_dir(workspace.path("below"))
        .env("HOME", workspace.path(""))
        .env("XDG_CONFIG_HOME", workspace.path("config"))
        .env("XDG_DATA_HOME", workspace.path("data"))
        .env("WORKSPACE", workspace.path(""))
        .env("PATH", path)
        .env("PS1", "ready> ")
        .env_remove("CARGO_TARGET_DIR");
    command
}

/// A shell that has read its script, in a folder of the workspace.
fn shell(workspace: &Workspace, line: &[&str], read: &str) -> Terminal {
    let command = in_workspace(workspace, line);
    let mut terminal = Terminal::open(&command);
    terminal.expect("ready>");
    terminal.type_in(read);
    terminal.type_in(ENTER);
    terminal
}

/// Types a line with a tab at its end, and waits for what becomes of it.
fn completes(terminal: &mut Terminal, cases: &[(&str, &str)]) {
    for (typed, becomes) in cases {
        terminal.type_in(typed);
        terminal.type_in("\t");
        terminal.expect(becomes);
        terminal.type_in(KILL_LINE);
    }
}

/// What every shell makes of these.
const CASES: [(&str, &str); 6] = [
    ("cargo xtask db rollb", "cargo xtask db rollback"),
    ("xtask db doct", "xtask db doctor"),
    (
        "cargo xtask db migrate --to m20",
        "--to m20260101_000100_boats",
    ),
    ("cargo xtask db diff --from ent", "--from entities"),
    (
        "cargo +stable xtask db push --rename boats.n",
        "--rename boats.name:",
    ),
    (
        "cargo xtask db diff --from migrations@m",
        "--from migrations@m20260101_000100_boats",
    ),
];

#[test]
fn bash() {
    if !is_here("bash") {
        return;
    }
    let workspace = built();
    let line = ["bash", "--norc", "--noprofile", "-i"];
    let mut terminal = shell(&workspace, &line, "source ../complete.bash");
    completes(&mut terminal, &CASES);
    // Words that bash itself breaks.
    completes(
        &mut terminal,
        &[("cargo xtask db:rollb", "cargo xtask db:rollback")],
    );
    terminal.type_in("exit 0\r");
    terminal.ends_with(0);
}

/// What completed cargo before is asked for all that is not ours.
#[test]
fn bash_leaves_cargo_to_who_had_it() {
    if !is_here("bash") {
        return;
    }
    let workspace = built();
    let line = ["bash", "--norc", "--noprofile", "-i"];
    let before = "theirs() { COMPREPLY=(clippy-theirs); }; complete -F theirs cargo; source ../complete.bash";
    let mut terminal = shell(&workspace, &line, before);
    completes(
        &mut terminal,
        &[
            ("cargo cli", "cargo clippy-theirs"),
            ("cargo xtask db rollb", "cargo xtask db rollback"),
        ],
    );
    terminal.type_in("exit 0\r");
    terminal.ends_with(0);
}

#[test]
fn zsh() {
    if !is_here("zsh") {
        return;
    }
    let workspace = built();
    let read = "autoload -Uz compinit; compinit -u -D; source ../complete.zsh";
    let mut terminal = shell(&workspace, &["zsh", "-f", "-i"], read);
    completes(&mut terminal, &CASES);
    terminal.type_in("exit 0\r");
    terminal.ends_with(0);
}

/// What a shell that answers the question itself says could stand there.
fn offers(workspace: &Workspace, line: impl Fn(&str) -> Vec<String>) {
    for (typed, becomes) in CASES {
        let line = line(typed);
        let line: Vec<&str> = line.iter().map(String::as_str).collect();
        let output = in_workspace(workspace, &line).output().unwrap();
        let found = String::from_utf8(output.stdout).unwrap();
        let last = becomes.rsplit(' ').next().unwrap();
        assert!(
            found
                .lines()
                .any(|line| line.split('\t').next().unwrap().starts_with(last)),
            "{typed}: {found} {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn fish() {
    if !is_here("fish") {
        return;
    }
    let workspace = built();
    offers(&workspace, |typed| {
        let script = format!("source ../complete.fish; complete -C '{typed}'");
        ["fish", "--no-config", "-c", &script]
            .map(str::to_owned)
            .to_vec()
    });
}

#[test]
fn powershell() {
    if !is_here("pwsh") {
        return;
    }
    let workspace = built();
    fs::copy(
        workspace.path("complete.powershell"),
        workspace.path("complete.ps1"),
    )
    .unwrap();
    offers(&workspace, |typed| {
        let script = format!(
            ". ../complete.ps1; (TabExpansion2 -inputScript '{typed}' -cursorColumn {}).CompletionMatches.CompletionText",
            typed.len()
        );
        ["pwsh", "-NoProfile", "-NonInteractive", "-Command", &script]
            .map(str::to_owned)
            .to_vec()
    });
}

#[test]
fn elvish() {
    if !is_here("elvish") {
        return;
    }
    let workspace = built();
    workspace.write(
        "rc.elv",
        "set edit:prompt = { put 'ready> ' }\nset edit:rprompt = { }\neval (slurp < ../complete.elvish)\n",
    );
    let line = ["elvish", "-rc", "../rc.elv"];
    let mut terminal = shell(&workspace, &line, "echo read");
    terminal.expect("read");
    completes(&mut terminal, &CASES);
    terminal.type_in("exit 0\r");
    terminal.ends_with(0);
}

#[test]
fn candidates_come_from_files_alone() {
    let workspace = built();
    let found = |words: &[&str]| {
        let line = [&["__complete", "xtask"], words].concat();
        let text = workspace.run(&line).succeeded();
        let values = text.lines().filter_map(|line| line.split('\t').next());
        values.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found(&["db:rollb"]), ["db:rollback"]);
    assert_eq!(
        found(&["db:rollback", "--to", "boa"]),
        ["m20260101_000100_boats"]
    );
    assert_eq!(
        found(&["db", "push", "--allow-data-loss", "boats."]),
        ["boats.name"]
    );
    assert_eq!(
        found(&["db", "pull", "--tables", "users,bo"]),
        ["users,boats"]
    );
    assert_eq!(
        found(&["db", "lint", "--deny", "warnings,not-null"]),
        ["warnings,not-null-scans"]
    );
    assert!(found(&["db", "generate", "--"]).contains(&"--expand-contract".to_owned()));
    assert!(found(&["ech"]).contains(&"echo".to_owned()));
    assert!(
        !workspace.path(".seachange").exists(),
        "looking makes nothing"
    );
}

#[test]
fn man_pages() {
    let workspace = Workspace::new();
    let wrote = workspace.run(&["man", "--out", "man/man1"]).succeeded();
    let pages: Vec<&str> = wrote
        .lines()
        .filter_map(|line| line.strip_prefix("wrote "))
        .collect();
    assert!(pages.len() > 25, "{wrote}");
    let push = fs::read_to_string(workspace.path("man/man1/cargo-xtask-db-push.1")).unwrap();
    for section in [
        "NAME",
        "SYNOPSIS",
        "OPTIONS",
        "EXAMPLES",
        "EXIT STATUS",
        "ENVIRONMENT",
        "FILES",
        "SEE ALSO",
    ] {
        assert!(
            push.contains(&format!(".SH {section}\n"))
                || push.contains(&format!(".SH \"{section}\"\n")),
            "{section}: {push}"
        );
    }
    let again = workspace
        .run(&["man", "--out", "man/man1/cargo-xtask.1"])
        .failed_with(1);
    assert!(again.contains("help: "), "{again}");
    let said = |program: &str, more: &[&str]| {
        let output = Command::new(program)
            .args(more)
            .args(&pages)
            .current_dir(workspace.path(""))
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8_lossy(&text).into_owned()
    };
    if is_here("mandoc") {
        let found = said("mandoc", &["-T", "lint", "-W", "warning"]);
        // They are the same whenever they are written.
        let found: Vec<&str> = found
            .lines()
            .filter(|line| !line.contains("WARNING: missing date"))
            .collect();
        assert_eq!(found, [""; 0]);
    }
    if is_here("man") {
        let shown = said("man", &["--warnings", "-E", "UTF-8", "-l", "-Tutf8"]);
        assert!(
            shown.contains("Make the database match the entities"),
            "{shown}"
        );
        assert!(!shown.contains("warning:"), "{shown}");
    }
}
