//! A command at a terminal, with somebody who answers. util-linux's `script` lends it the terminal.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::Workspace;
use super::ran::words;

/// What keys send.
pub(crate) const ENTER: &str = "\r";
pub(crate) const UP: &str = "\x1b[A";
pub(crate) const DOWN: &str = "\x1b[B";
pub(crate) const ESCAPE: &str = "\x1b";
pub(crate) const CTRL_C: &str = "\x03";

/// Long enough for a busy machine; only a failure waits so long.
const LIMIT: Duration = Duration::from_secs(60);

/// A command that runs, and everything it has shown.
pub(crate) struct Terminal {
    script: Child,
    pieces: Receiver<String>,
    shown: String,
    what: String,
    begin: Instant,
}

impl Workspace {
    /// `cargo xtask db …` at a terminal; none of the words may need quoting.
    pub(crate) fn at_terminal(&self, words_of_it: &[&str]) -> Terminal {
        let command = self.db_command(self.url(), words_of_it);
        let mut script = Command::new("script");
        script.args(["--quiet", "--flush", "--return", "--command"]);
        let mut line = command.get_program().to_str().unwrap().to_owned();
        for word in command.get_args() {
            line = format!("{line} {}", word.to_str().unwrap());
        }
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => script.env(name, value),
                None => script.env_remove(name),
            };
        }
        let mut script = script
            .args([&line, "/dev/null"])
            .current_dir(self.root())
            .env("TERM", "xterm-256color")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut screen = script.stdout.take().unwrap();
        let (sender, pieces) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = screen.read(&mut buffer) {
                let piece = String::from_utf8_lossy(&buffer[..read]).into_owned();
                if sender.send(piece).is_err() {
                    return;
                }
            }
        });
        Terminal {
            script,
            pieces,
            shown: String::new(),
            what: words(&command),
            begin: Instant::now(),
        }
    }
}

impl Terminal {
    /// Waits until this is shown.
    #[track_caller]
    pub(crate) fn shows(mut self, text: &str) -> Self {
        while !self.shown.contains(text) {
            match self.pieces.recv_timeout(LIMIT) {
                Ok(piece) => self.shown += &piece,
                Err(error) => panic!(
                    "`{text}` is not shown by `{}` ({error}):\n{}",
                    self.what, self.shown
                ),
            }
        }
        self
    }

    /// Presses keys.
    pub(crate) fn presses(mut self, keys: &str) -> Self {
        let keyboard = self.script.stdin.as_mut().unwrap();
        keyboard.write_all(keys.as_bytes()).unwrap();
        keyboard.flush().unwrap();
        self
    }

    /// Waits for its end: the exit code and all that was shown.
    #[track_caller]
    pub(crate) fn ends(mut self, expected: i32) -> String {
        loop {
            match self.pieces.recv_timeout(LIMIT) {
                Ok(piece) => self.shown += &piece,
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    panic!("`{}` does not end:\n{}", self.what, self.shown)
                }
            }
        }
        let code = self.script.wait().unwrap().code();
        eprintln!(
            "{:6.2} s  {}",
            self.begin.elapsed().as_secs_f32(),
            self.what
        );
        assert_eq!(
            code,
            Some(expected),
            "exit code of `{}`:\n{}",
            self.what,
            self.shown
        );
        std::mem::take(&mut self.shown)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It has ended already, unless the test failed; what runs on its terminal ends with it.
        let _ = self.script.kill();
        let _ = self.script.wait();
    }
}
