//! The studio as somebody starts it: at a terminal (util-linux's `script` lends it one), where Enter prints another
//! link and Ctrl-C stops it.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::bench::error::BenchError;
use crate::bench::place;

/// Only a studio that does not start takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A studio that runs; dropped, it ends.
pub(super) struct Studio {
    script: Child,
    keyboard: ChildStdin,
    lines: Receiver<String>,
    /// The first link, until it is taken.
    link: Option<String>,
    pid: u32,
}

impl Studio {
    pub(super) fn start(program: &Path, url: &str) -> Result<Self, BenchError> {
        let line = format!("exec '{}' db studio --no-open", program.display());
        let mut script = Command::new("script")
            .args(["--quiet", "--flush", "--return", "--command"])
            .args([&line, "/dev/null"])
            .current_dir(place::root())
            .env("SHELL", "/bin/sh")
            .env("DATABASE_URL", url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|source| BenchError::Start {
                command: "script".to_owned(),
                source,
            })?;
        let (Some(keyboard), Some(screen)) = (script.stdin.take(), script.stdout.take()) else {
            return Err(silent("it has no terminal"));
        };
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(screen).lines() {
                if !line.is_ok_and(|line| sender.send(line).is_ok()) {
                    return;
                }
            }
        });
        let mut studio = Self {
            script,
            keyboard,
            lines,
            link: None,
            pid: 0,
        };
        studio.link = Some(studio.shown()?);
        studio.pid = studio.child()?;
        Ok(studio)
    }

    /// A link that nobody has opened.
    pub(super) fn link(&mut self) -> Result<String, BenchError> {
        if let Some(link) = self.link.take() {
            return Ok(link);
        }
        self.press(b"\r")?;
        self.shown()
    }

    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    pub(super) fn stop(mut self) -> Result<(), BenchError> {
        self.press(b"\x03")?;
        let ended = self.script.wait().map_err(|source| BenchError::Start {
            command: "script".to_owned(),
            source,
        })?;
        match ended.success() {
            true => Ok(()),
            false => Err(silent(&format!("it ended with {ended}"))),
        }
    }

    fn press(&mut self, keys: &[u8]) -> Result<(), BenchError> {
        let pressed = self.keyboard.write_all(keys);
        pressed
            .and_then(|()| self.keyboard.flush())
            .map_err(|error| silent(&format!("its terminal is gone ({error})")))
    }

    /// The next link on the screen.
    fn shown(&self) -> Result<String, BenchError> {
        let mut screen = String::new();
        loop {
            let Ok(line) = self.lines.recv_timeout(PATIENCE) else {
                return Err(silent(&screen));
            };
            match line
                .find("http://")
                .filter(|_| line.contains("/open?token="))
            {
                Some(at) => return Ok(line[at..].trim().to_owned()),
                None => screen = format!("{screen}{line}\n"),
            }
        }
    }

    /// What `script` runs.
    fn child(&self) -> Result<u32, BenchError> {
        let script = self.script.id();
        let path = format!("/proc/{script}/task/{script}/children");
        let children = fs::read_to_string(&path).map_err(BenchError::file("read", &path))?;
        let first = children.split_whitespace().next();
        first
            .and_then(|pid| pid.parse().ok())
            .ok_or_else(|| silent("it is no process any more"))
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        // What runs on a terminal ends with it; one that was stopped is gone already.
        let _ = self.script.kill();
        let _ = self.script.wait();
    }
}

/// The memory of a process that is resident, in KiB.
pub(super) fn resident(pid: u32) -> Result<u64, BenchError> {
    let path = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&path).map_err(BenchError::file("read", &path))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .ok_or_else(|| silent("the kernel does not tell its memory"))
}

fn silent(said: &str) -> BenchError {
    BenchError::Studio {
        said: said.trim().to_owned(),
    }
}
