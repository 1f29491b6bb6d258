//! The program on a terminal, by util-linux's `script`, which lends it one.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

pub(crate) const ENTER: &str = "\r";
pub(crate) const CTRL_C: &str = "\u{3}";

const LIMIT: Duration = Duration::from_secs(30);

/// A program that believes it talks to a person.
pub(crate) struct Terminal {
    script: Child,
    pieces: Receiver<String>,
    seen: String,
}

impl Terminal {
    /// Runs the command; its words must need no quoting.
    pub(crate) fn open(command: &Command) -> Self {
        let words = [command.get_program()]
            .into_iter()
            .chain(command.get_args());
        let line: Vec<&str> = words.map(|word| word.to_str().unwrap()).collect();
        let mut script = Command::new("script");
        script.args(["--quiet", "--flush", "--return", "--command"]);
        script.arg(line.join(" ")).arg("/dev/null");
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => script.env(name, value),
                None => script.env_remove(name),
            };
        }
        let mut script = script
            .env("TERM", "xterm-256color")
            .current_dir(command.get_current_dir().unwrap())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = script.stdout.take().unwrap();
        let (sender, pieces) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = output.read(&mut buffer) {
                let piece = String::from_utf8_lossy(&buffer[..read]).into_owned();
                if sender.send(piece).is_err() {
                    return;
                }
            }
        });
        Self {
            script,
            pieces,
            seen: String::new(),
        }
    }

    /// Waits until the text is on the screen.
    #[track_caller]
    pub(crate) fn expect(&mut self, text: &str) {
        while !self.seen.contains(text) {
            match self.pieces.recv_timeout(LIMIT) {
                Ok(piece) => self.seen.push_str(&piece),
                Err(error) => panic!("no `{text}` ({error}): {}", self.seen),
            }
        }
    }

    pub(crate) fn type_in(&mut self, keys: &str) {
        let input = self.script.stdin.as_mut().unwrap();
        input.write_all(keys.as_bytes()).unwrap();
        input.flush().unwrap();
    }

    /// Waits for the end of the program.
    #[track_caller]
    pub(crate) fn ends_with(mut self, code: i32) {
        let status = self.script.wait().unwrap();
        self.seen.extend(self.pieces.iter());
        assert_eq!(status.code(), Some(code), "{}", self.seen);
    }
}
