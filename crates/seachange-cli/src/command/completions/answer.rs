//! What could stand at a place of a line, for the scripts: a candidate a line, its help behind a tab.

use std::ffi::OsString;

use clap_complete::engine;

use super::values;
use crate::args;
use crate::exit::Exit;
use crate::project::{Extra, Project};
use crate::terminal::{Format, Terminal};

/// The first word of the scripts' question; what follows is the line, and ends with the word that is being typed.
pub(crate) const COMPLETE: &str = "__complete";

/// Prints the candidates. Nothing is started, and nothing is asked of a database: a shell waits for it.
pub(crate) fn answer(project: &Project, extras: &[Extra], line: Vec<OsString>) -> Exit {
    let text: String = candidates(project, extras, line)
        .into_iter()
        .map(|(value, help)| format!("{value}\t{help}\n"))
        .collect();
    match Terminal::new(Format::Text).result(&text) {
        Ok(()) => Exit::Done,
        Err(_) => Exit::Failed,
    }
}

fn candidates(project: &Project, extras: &[Extra], line: Vec<OsString>) -> Vec<(String, String)> {
    // `db:pu` is completed as `db pu` is.
    let typed = line.get(1).and_then(|word| word.to_str());
    let joined = typed.is_some_and(|word| word.starts_with("db:"));
    let prefix = if joined && line.len() == 2 { "db:" } else { "" };
    let line = args::split_colons(line.into_iter());
    let Some(at) = line.len().checked_sub(1) else {
        return Vec::new();
    };
    let mut definition = values::known(args::definition(extras), project);
    let found = engine::complete(&mut definition, line, at, Some(&project.root));
    // What can't be read has no candidates; there is nobody to tell.
    let found = found.unwrap_or_default();
    let shown = found.iter().filter(|one| !one.is_hide_set());
    shown
        .filter_map(|one| {
            let help = one.get_help().map(ToString::to_string).unwrap_or_default();
            let help = help.lines().next().unwrap_or_default().to_owned();
            Some((format!("{prefix}{}", one.get_value().to_str()?), help))
        })
        .collect()
}
