//! Every message of the tool, read out of the sources: each says what to do, and `docs/messages.md` has them all.
//! `UPDATE_EXPECT=1` writes the page.

mod page;
mod read;

use std::path::Path;

use read::{Sources, Told};

fn sources() -> Sources {
    let files = super::tidy::sources().into_iter().filter(|path| {
        let path = path.display().to_string();
        let own = path.contains("/crates/seachange") || path.contains("/seed/src");
        own && path.contains("/src/")
            && !path.contains("/tests")
            && !path.contains("studio/src/assets")
    });
    let files = files.map(|path| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path.display().to_string(), text)
    });
    Sources::read(files)
}

/// What is never told, or needs no remedy: an end that somebody asked for, and what only another error shows.
const WITHOUT: [&str; 11] = [
    "BackupError::Interrupted",
    "FleetError::Interrupted",
    "RunnerError::InterruptedWaiting",
    // A part of `ConnectError`, which has the remedy for each.
    "Reason",
    // A part of `ParseSourceError`, likewise.
    "Kind",
    // What cargo said, inside of `BuildError`.
    "Said",
    // How an export's stream ends: the browser sees it cut.
    "Ended",
    // A step on the way to a failure of `reset`.
    "NotMade",
    // Values of flags: clap names the flag and what it takes.
    "HintError",
    "MappingError",
    "ToleranceError",
];

#[test]
fn every_error_has_its_help_and_none_is_passed_over() {
    let sources = sources();
    assert!(sources.errors.len() > 25 && sources.helps.len() > 25);
    let mut wrong = Vec::new();
    for error in &sources.errors {
        let Some(help) = sources.helps.iter().find(|help| help.is_for(error)) else {
            if !WITHOUT.contains(&error.name.as_str()) {
                wrong.push(format!(
                    "{}: `{}` has no `impl Help`",
                    error.file, error.name
                ));
            }
            continue;
        };
        for variant in &error.variants {
            let name = format!("{}::{}", error.name, variant.name);
            let arms: Vec<_> = help
                .arms
                .iter()
                .filter(|arm| arm.of.contains(&variant.name))
                .collect();
            if help.arms.is_empty() || WITHOUT.contains(&name.as_str()) {
                continue;
            }
            if arms.is_empty() {
                wrong.push(format!(
                    "{}: `{name}` falls into a `_` arm of its help",
                    help.file
                ));
            }
            if arms.iter().any(|arm| arm.says_nothing) {
                wrong.push(format!("{}: the help of `{name}` may be `None`", help.file));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "say what to do, in `impl Help`:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_message_by_hand_says_what_to_do() {
    let sources = sources();
    assert!(sources.told.len() > 50, "{}", sources.told.len());
    let silent: Vec<String> = sources
        .told
        .iter()
        .filter(|told| told.help.is_empty() && !told.has_help)
        .map(|Told { file, message, .. }| format!("{file}: {message}"))
        .collect();
    assert!(
        silent.is_empty(),
        "add `.help(…)`, or the flags that answer:\n{}",
        silent.join("\n")
    );
}

#[test]
fn the_page_has_every_message() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/messages.md");
    let page = page::page(&sources());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == page,
        "run `UPDATE_EXPECT=1 cargo xtask test -p xtask --test it messages`, and read what it wrote"
    );
}
