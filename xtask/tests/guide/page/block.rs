//! The fenced blocks of a page that say something to do.

use std::ops::Range;

/// A block that is not for the reader alone.
#[derive(Debug)]
pub(super) struct Block {
    /// The line of its fence, counted from 0.
    pub(super) line: usize,
    pub(super) body: String,
    pub(super) deed: Deed,
}

/// What is done with it.
#[derive(Debug)]
pub(super) enum Deed {
    /// The body is that file.
    Write { path: String },
    /// The body is a change of that file.
    Edit { path: String },
    /// The body is commands and what they print.
    Run { commands: Vec<Command>, exit: i32 },
}

#[derive(Debug)]
pub(super) struct Command {
    /// The line of its `$`, counted from 0.
    pub(super) line: usize,
    pub(super) words: String,
    pub(super) expected: String,
    /// The lines of what it prints.
    pub(super) output: Range<usize>,
}

/// Every block with something to do, in order; or the line that can't be understood, counted from 1.
pub(super) fn blocks(text: &str) -> Result<Vec<Block>, (usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(info) = lines[at].strip_prefix("```") else {
            at += 1;
            continue;
        };
        let open = at;
        let length = (lines[open + 1..].iter().position(|line| *line == "```"))
            .ok_or_else(|| (open + 1, "a block without an end".to_owned()))?;
        let body = open + 1..open + 1 + length;
        at = body.end + 1;
        let text: String = (lines[body.clone()].iter())
            .map(|line| format!("{line}\n"))
            .collect();
        if let Some(deed) = deed(info, &lines, body).map_err(|why| (open + 1, why))? {
            blocks.push(Block {
                line: open,
                body: text,
                deed,
            });
        }
    }
    Ok(blocks)
}

fn deed(info: &str, lines: &[&str], body: Range<usize>) -> Result<Option<Deed>, String> {
    let mut words = info.split(',');
    let language = words.next().unwrap_or_default();
    let mut deed = match language {
        "console" => Some(Deed::Run {
            commands: commands(lines, body)?,
            exit: 0,
        }),
        _ => None,
    };
    for word in words {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        deed = match (name, deed) {
            ("file", None) => Some(Deed::Write {
                path: value.to_owned(),
            }),
            ("edit", None) if language == "diff" => Some(Deed::Edit {
                path: value.to_owned(),
            }),
            ("exit", Some(Deed::Run { commands, .. })) => Some(Deed::Run {
                commands,
                exit: value
                    .parse()
                    .map_err(|_| format!("`{value}` is no exit code"))?,
            }),
            // What rustdoc and mdBook know.
            ("ignore" | "no_run" | "editable" | "should_panic", deed) => deed,
            _ => return Err(format!("`{word}` is not understood in `{info}`")),
        };
    }
    Ok(deed)
}

fn commands(lines: &[&str], body: Range<usize>) -> Result<Vec<Command>, String> {
    let mut commands: Vec<Command> = Vec::new();
    let mut at = body.start;
    while at < body.end {
        let Some(first) = lines[at].strip_prefix("$ ") else {
            return Err(format!("`{}` stands before the first command", lines[at]));
        };
        let line = at;
        let mut words = first.to_owned();
        at += 1;
        // As bash asks for the rest of a command.
        while at < body.end && (words.ends_with('\\') || lines[at].starts_with("> ")) {
            words.push('\n');
            words += lines[at].strip_prefix("> ").unwrap_or(lines[at]);
            at += 1;
        }
        let begin = at;
        while at < body.end && !lines[at].starts_with("$ ") {
            at += 1;
        }
        commands.push(Command {
            line,
            words,
            expected: lines[begin..at].join("\n"),
            output: begin..at,
        });
    }
    match commands.is_empty() {
        true => Err("a `console` block without a command".to_owned()),
        false => Ok(commands),
    }
}
