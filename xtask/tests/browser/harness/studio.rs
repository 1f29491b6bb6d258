//! The real program that serves one database.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// What the environment may say that is not for this studio.
const UNSET: [&str; 6] = [
    "DATABASE_URL",
    "DATABASE_SCHEMA",
    "PGOPTIONS",
    "RUST_LOG",
    "SEACHANGE_PG_BIN",
    "SEACHANGE_STUDIO_ROLE",
];

/// `cargo xtask db studio`, until the value is dropped.
pub(super) struct Studio {
    process: Child,
    /// Opens it, once.
    pub(super) link: String,
}

impl Studio {
    pub(super) fn of(url: &str, arguments: &[&str]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        for name in UNSET {
            command.env_remove(name);
        }
        let mut process = command
            .args(["db", "studio", "--no-open", "--json", "--database-url", url])
            .args(arguments)
            .current_dir(root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = process.stdout.take().unwrap();
        let mut studio = Self {
            process,
            link: String::new(),
        };
        let mut said = String::new();
        for line in BufReader::new(stdout).lines() {
            said += &line.unwrap();
            if let Ok(opened) = serde_json::from_str::<Value>(&said) {
                studio.link = opened["link"].as_str().unwrap().to_owned();
                return studio;
            }
        }
        panic!("the studio ended before it printed a link: {said}");
    }

    /// Where it is: `http://127.0.0.1:…`.
    pub(super) fn origin(&self) -> &str {
        let (origin, _) = self.link.split_once("/open").unwrap();
        origin
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = self.process.kill();
            let _ = self.process.wait();
            return;
        }
        // As Ctrl-C does: it ends, and well.
        let pid = i32::try_from(self.process.id())
            .ok()
            .and_then(Pid::from_raw);
        kill_process(pid.unwrap(), Signal::INT).unwrap();
        let status = self.process.wait().unwrap();
        assert!(status.success(), "the studio ended with {status}");
    }
}
