//! A program that has run: what it printed, how it ended, and what a test expects of both.

use std::fmt::Debug;
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::Value;

/// What a program printed and how it ended.
pub(crate) struct Ran {
    what: String,
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs it to its end with nobody at a terminal.
pub(super) fn run(command: &mut Command) -> Ran {
    let what = words(command);
    let begin = Instant::now();
    let output = command.stdin(Stdio::null()).output().unwrap();
    eprintln!("{:6.2} s  {what}", begin.elapsed().as_secs_f32());
    Ran {
        what,
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The program's name and its arguments.
pub(super) fn words(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let mut words = program.rsplit('/').next().unwrap_or_default().to_owned();
    for argument in command.get_args() {
        words.push(' ');
        words.push_str(&argument.to_string_lossy());
    }
    words
}

impl Ran {
    /// It ended with 0.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        self.ends(0)
    }

    /// It ended with this code.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "exit code of {self:?}");
        self
    }

    /// Each of these stands in what it printed, on either stream.
    #[track_caller]
    pub(crate) fn says<const N: usize>(self, words: [&str; N]) -> Self {
        for word in words {
            let said = self.stdout.contains(word) || self.stderr.contains(word);
            assert!(said, "`{word}` is not said by {self:?}");
        }
        self
    }

    /// None of these does.
    #[track_caller]
    pub(crate) fn keeps_quiet_about<const N: usize>(self, words: [&str; N]) -> Self {
        for word in words {
            let said = self.stdout.contains(word) || self.stderr.contains(word);
            assert!(!said, "`{word}` is said by {self:?}");
        }
        self
    }

    /// stdout, which is JSON and nothing else.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("stdout is no JSON ({error}): {self:?}"))
    }
}

impl Debug for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`{}`, which ended with {}\n-- stdout\n{}\n-- stderr\n{}",
            self.what, self.code, self.stdout, self.stderr
        )
    }
}
