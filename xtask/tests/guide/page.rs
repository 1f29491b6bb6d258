//! A page of documentation as a test: its file blocks are written, its edits made, its commands run by
//! bash, in the order of the page, and what is printed has to be what stands there.
//!
//! What a block is for stands behind its language: `rust,file=PATH` is a whole file; `diff,edit=PATH` an
//! edit, whose old lines (` ` and `-`) stand in the file once (`@@` alone on a line begins another place);
//! `console` holds `$ ` and a command, and below it what that prints, both streams. `console,exit=2` ends
//! with 2; commands before the last one end with 0. A line `…` stands for any lines, `…` in a line for any
//! text. All other blocks are for the reader alone.

mod block;
mod edit;
mod ground;
mod output;
#[cfg(test)]
mod tests;
mod versions;

use std::path::{Path, PathBuf};

use block::{Block, Command, Deed};
pub(super) use ground::Ground;
use output::same;
use versions::Versions;

/// A page, taken apart.
pub(super) struct Page {
    path: PathBuf,
    text: String,
    blocks: Vec<Block>,
}

/// What is done with output that is not what stands on the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expectation {
    Hold,
    /// It is written into the page.
    Update,
}

impl Page {
    /// Reads a page; one without a command is an error.
    #[track_caller]
    pub(super) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let blocks = block::blocks(&text)
            .unwrap_or_else(|(line, why)| panic!("{}:{line}: {why}", path.display()));
        let page = Self {
            path: path.to_owned(),
            text,
            blocks,
        };
        assert!(page.commands() > 0, "no command in {}", path.display());
        page
    }

    fn commands(&self) -> usize {
        let commands = self.blocks.iter().map(|block| match &block.deed {
            Deed::Run { commands, .. } => commands.len(),
            _ => 0,
        });
        commands.sum()
    }

    /// Does what the page says. With `UPDATE_EXPECT=1` the real output is written into it.
    #[track_caller]
    pub(super) fn walk(self, ground: &Ground) {
        let expectation = match std::env::var("UPDATE_EXPECT").as_deref() {
            Ok("1") => Expectation::Update,
            _ => Expectation::Hold,
        };
        if let Err(failure) = self.go(ground, expectation) {
            panic!("{failure}");
        }
    }

    fn go(self, ground: &Ground, expectation: Expectation) -> Result<(), String> {
        let mut versions = Versions::of(&self.text);
        let mut text = self.text.clone();
        // By how much what was written so far moves the places behind it.
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut moved = 0_isize;
        let mut failures = Vec::new();
        for block in &self.blocks {
            let at = |line: usize| format!("{}:{}", self.path.display(), line + 1);
            let body = versions.real(&block.body);
            match &block.deed {
                Deed::Write { path } => ground.write(&versions.real(path), &body),
                Deed::Edit { path } => {
                    let path = versions.real(path);
                    let edited = edit::apply(&ground.read(&path), &body)
                        .map_err(|why| format!("{}: {path}: {why}", at(block.line)))?;
                    ground.write(&path, &edited);
                }
                Deed::Run { commands, exit } => {
                    for (number, command) in commands.iter().enumerate() {
                        let ran = ground.run(&versions.real(&command.words));
                        versions.learn(&ran.output);
                        let printed = versions.shown(&ran.output);
                        if !same(&command.expected, &printed) {
                            failures.push(differs(&at(command.line), command, &printed));
                            moved += replace(&mut lines, command, &printed, moved);
                        }
                        let last = number + 1 == commands.len();
                        let wanted = if last { *exit } else { 0 };
                        if ran.code != wanted {
                            failures.push(format!(
                                "{}: `{}` ended with {}, not with {wanted}:\n{printed}",
                                at(command.line),
                                command.words,
                                ran.code
                            ));
                            // What comes next would fail for that alone.
                            return Err(failures.join("\n\n"));
                        }
                    }
                }
            }
        }
        if expectation == Expectation::Update {
            text = lines.join("\n") + "\n";
            if text != self.text {
                std::fs::write(&self.path, text).map_err(|error| error.to_string())?;
            }
            return Ok(());
        }
        match failures.is_empty() {
            true => Ok(()),
            false => Err(format!(
                "{}\n\n`UPDATE_EXPECT=1` writes what is printed into the page",
                failures.join("\n\n")
            )),
        }
    }
}

/// Puts what was printed below its command, and says by how many lines that moves the rest.
fn replace(lines: &mut Vec<String>, command: &Command, printed: &str, moved: isize) -> isize {
    let begin = (command.output.start as isize + moved) as usize;
    let end = (command.output.end as isize + moved) as usize;
    let new: Vec<String> = printed.trim_end().lines().map(str::to_owned).collect();
    let by = new.len() as isize - (end - begin) as isize;
    lines.splice(begin..end, new);
    by
}

fn differs(at: &str, command: &Command, printed: &str) -> String {
    format!(
        "{at}: `{}` prints something else\n-- on the page\n{}\n-- printed\n{}",
        command.words,
        command.expected.trim_end(),
        printed.trim_end()
    )
}
