//! The program on a pseudo-terminal, and the screen that somebody would see there. Nothing waits by the clock: what is
//! expected is waited for, with a bound that only a failure reaches.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Pts, Pty, open};
use rustix::termios::{LocalModes, tcgetattr};

pub(crate) const ENTER: &str = "\r";
pub(crate) const DOWN: &str = "\x1b[B";
pub(crate) const UP: &str = "\x1b[A";
pub(crate) const ESCAPE: &str = "\x1b";
pub(crate) const CTRL_C: &str = "\x03";
/// The end of the input, at the beginning of a line.
pub(crate) const CTRL_D: &str = "\x04";

const LIMIT: Duration = Duration::from_secs(60);
const ROWS: u16 = 50;

/// A program that believes it talks to a person.
pub(crate) struct Terminal {
    child: Child,
    pty: Arc<Pty>,
    /// Held, so that the terminal's settings can be looked at when the program has ended.
    pts: Option<Pts>,
    pieces: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    /// All that was ever written, also what is no longer on the screen.
    seen: Vec<u8>,
}

impl Terminal {
    /// On a terminal that is 120 columns wide.
    pub(crate) fn open(command: &Command) -> Self {
        Self::sized(command, 120)
    }

    /// On one of so many columns.
    pub(crate) fn sized(command: &Command, columns: u16) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(ROWS, columns)).unwrap();
        let mut lent = pty_process::blocking::Command::new(command.get_program())
            .args(command.get_args())
            .current_dir(command.get_current_dir().unwrap())
            .env("TERM", "xterm-256color")
            .env_remove("COLUMNS");
        for (name, value) in command.get_envs() {
            lent = match value {
                Some(value) => lent.env(name, value),
                None => lent.env_remove(name),
            };
        }
        let child = lent.spawn_borrowed(&pts).unwrap();
        let pty = Arc::new(pty);
        let reader = Arc::clone(&pty);
        let (sender, pieces) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = (&*reader).read(&mut buffer) {
                if sender.send(buffer[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            pty,
            pts: Some(pts),
            pieces,
            screen: vt100::Parser::new(number(ROWS), number(columns), 0),
            seen: Vec::new(),
        }
    }

    /// What is on the screen now, words one space apart: where lines were broken makes no difference.
    pub(crate) fn words(&self) -> String {
        let contents = self.screen.screen().contents();
        contents.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// All that was written, with what only a terminal understands.
    pub(crate) fn written(&self) -> String {
        String::from_utf8_lossy(&self.seen).into_owned()
    }

    pub(crate) fn shows(&self, text: &str) -> bool {
        self.words().contains(text)
    }

    /// Lines of the screen that went on in the next one, because they were too long.
    pub(crate) fn too_long(&self) -> Vec<String> {
        let screen = self.screen.screen();
        let rows = screen.rows(0, screen.size().1.get()).enumerate();
        rows.filter(|(at, _)| screen.row_wrapped(u16::try_from(*at).unwrap()))
            .map(|(_, row)| row)
            .collect()
    }

    /// Waits until the text is on the screen.
    #[track_caller]
    pub(crate) fn expect(&mut self, text: &str) {
        self.until(text, |terminal| terminal.shows(text));
    }

    #[track_caller]
    fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while !is_so(self) {
            let left = LIMIT.saturating_sub(begin.elapsed());
            match self.pieces.recv_timeout(left) {
                Ok(piece) => self.take(&piece),
                Err(error) => panic!("`{what}` ({error}): {}", self.screen.screen().contents()),
            }
        }
    }

    fn take(&mut self, piece: &[u8]) {
        self.screen.process(piece);
        self.seen.extend_from_slice(piece);
    }

    pub(crate) fn type_in(&mut self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
    }

    /// Another width, which the program is told by a signal.
    pub(crate) fn resize(&mut self, columns: u16) {
        self.pty.resize(Size::new(ROWS, columns)).unwrap();
        self.screen
            .screen_mut()
            .set_size(number(ROWS), number(columns));
    }

    /// Waits for the end of the program, which leaves the terminal as it was. What it showed last.
    #[track_caller]
    pub(crate) fn ends_with(mut self, code: i32) -> Self {
        let begin = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            match self.pieces.recv_timeout(Duration::from_millis(20)) {
                Ok(piece) => self.take(&piece),
                Err(RecvTimeoutError::Timeout) if begin.elapsed() < LIMIT => {}
                Err(_) => panic!("it goes on: {}", self.screen.screen().contents()),
            }
        };
        let modes = tcgetattr(&*self.pty).unwrap().local_modes;
        // The other end closes with this one.
        self.pts = None;
        while let Ok(piece) = self.pieces.recv_timeout(LIMIT) {
            self.take(&piece);
        }
        let screen = self.screen.screen();
        assert_eq!(status.code(), Some(code), "{}", screen.contents());
        let typed = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
        assert!(modes.contains(typed), "the terminal is not as it was");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.alternate_screen() && !screen.bracketed_paste());
        self
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A test that failed leaves no program behind; one that passed has waited for it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn number(value: u16) -> NonZeroU16 {
    NonZeroU16::new(value).unwrap()
}
