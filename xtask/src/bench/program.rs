//! One process from start to end: its output in a log, its wall time, and what the kernel counted
//! for it (`wait4`): CPU time and the peak of its memory, those of its own children included.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use wait4::Wait4;

use super::error::BenchError;
use super::place;
use super::sample::Sample;

/// How much of a failed program's output is shown.
const TAIL: usize = 40;

/// A program, where it runs, and what it is told.
#[derive(Clone)]
pub(super) struct Program {
    /// Names its log.
    title: String,
    words: Vec<OsString>,
    folder: PathBuf,
    environment: Vec<(&'static str, Option<OsString>)>,
}

/// A program that ended well.
pub(super) struct Finished {
    pub(super) sample: Sample,
    /// What it wrote to stdout and stderr.
    pub(super) output: String,
    command: String,
    log: PathBuf,
}

impl Program {
    pub(super) fn new(title: impl Into<String>, program: impl AsRef<OsStr>, folder: &Path) -> Self {
        Self {
            title: title.into(),
            words: vec![program.as_ref().to_owned()],
            folder: folder.to_owned(),
            environment: Vec::new(),
        }
    }

    pub(super) fn args<I: IntoIterator<Item: AsRef<OsStr>>>(mut self, words: I) -> Self {
        self.words
            .extend(words.into_iter().map(|word| word.as_ref().to_owned()));
        self
    }

    pub(super) fn env(mut self, name: &'static str, value: impl AsRef<OsStr>) -> Self {
        self.environment
            .push((name, Some(value.as_ref().to_owned())));
        self
    }

    pub(super) fn without(mut self, name: &'static str) -> Self {
        self.environment.push((name, None));
        self
    }

    /// Runs it to its end. A program that fails is an error with the end of its output.
    pub(super) fn run(&self) -> Result<Finished, BenchError> {
        let log = place::log(&self.title);
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder).map_err(BenchError::file("create", folder))?;
        }
        let output = File::create(&log).map_err(BenchError::file("write", &log))?;
        let errors = output
            .try_clone()
            .map_err(BenchError::file("write", &log))?;
        let mut command = self.command();
        command.stdin(Stdio::null()).stdout(output).stderr(errors);

        let begin = Instant::now();
        let ended = command.spawn().and_then(Wait4::wait4);
        let wall = begin.elapsed();
        let ended = ended.map_err(|source| BenchError::Start {
            command: self.line(),
            source,
        })?;

        let output = fs::read(&log).map_err(BenchError::file("read", &log))?;
        let finished = Finished {
            sample: Sample {
                wall,
                cpu: ended.rusage.utime + ended.rusage.stime,
                peak: ended.rusage.maxrss,
            },
            output: String::from_utf8_lossy(&output).into_owned(),
            command: self.line(),
            log,
        };
        match ended.status.success() {
            true => Ok(finished),
            false => Err(BenchError::Failed {
                status: ended.status,
                tail: finished.tail(),
                command: finished.command,
                log: finished.log,
            }),
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).current_dir(&self.folder);
        // What `cargo run` says about this package is not for others: cargo would build anew.
        for (name, _) in std::env::vars_os() {
            let of_package = name.to_str().is_some_and(|name| {
                ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "npm_"]
                    .iter()
                    .any(|prefix| name.starts_with(prefix))
            });
            if of_package {
                command.env_remove(name);
            }
        }
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    fn line(&self) -> String {
        let words: Vec<_> = self
            .words
            .iter()
            .map(|word| word.to_string_lossy())
            .collect();
        format!("{} (in {})", words.join(" "), self.folder.display())
    }
}

impl Finished {
    /// Holds it to what it was run for.
    pub(super) fn expect(&self, holds: Option<()>, expected: &str) -> Result<(), BenchError> {
        holds.ok_or_else(|| BenchError::Unexpected {
            command: self.command.clone(),
            expected: expected.to_owned(),
            log: self.log.clone(),
            tail: self.tail(),
        })
    }

    fn tail(&self) -> String {
        let lines: Vec<&str> = self.output.lines().collect();
        lines[lines.len().saturating_sub(TAIL)..].join("\n")
    }
}
