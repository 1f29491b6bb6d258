//! One Chromium with a profile of its own, and what is done where there is none.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Names the browser's program, where it is not one of those that are looked for.
const PROGRAM: &str = "SEACHANGE_CHROMIUM";
/// A file where `cargo xtask test` counts what was not tested.
const UNTESTED: &str = "SEACHANGE_UNTESTED";

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];
const MACOS: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

const FLAGS: [&str; 16] = [
    "--headless",
    // It only meets pages of our own, and a container often has no room for a sandbox.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--disable-breakpad",
    "--no-first-run",
    "--no-default-browser-check",
    "--password-store=basic",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-port=0",
];

/// How long it may take to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// It ends with the value, and its profile goes.
pub(super) struct Chromium {
    process: Child,
    /// Where it is spoken to.
    pub(super) address: String,
    profile: TempDir,
}

impl Chromium {
    /// None where the machine has none: that is said, and counted.
    pub(super) fn start() -> Option<Self> {
        match program() {
            Some(program) => Some(Self::run(program)),
            None => {
                skip();
                None
            }
        }
    }

    fn run(program: PathBuf) -> Self {
        let profile = tempfile::Builder::new()
            .prefix("seachange-chromium-")
            .tempdir()
            .unwrap();
        let mut process = Command::new(&program)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            // Its crash handler, its caches: all of it in the profile.
            .env("HOME", profile.path())
            .env("XDG_CONFIG_HOME", profile.path())
            .env("XDG_CACHE_HOME", profile.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {}: {error}", program.display()));
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let address = loop {
            match lines.next() {
                Some(Ok(line)) => match line.strip_prefix("DevTools listening on ") {
                    Some(address) => break address.trim().to_owned(),
                    None => said = format!("{said}{line}\n"),
                },
                Some(Err(_)) | None => panic!("{} ended:\n{said}", program.display()),
            }
        };
        // It would stop where nobody reads what it says.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            process,
            address,
            profile,
        }
    }

    /// Where it puts what a page lets it download.
    pub(super) fn downloads(&self) -> PathBuf {
        self.profile.path().join("downloads")
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Asked to end, it ends its own children first, which else would write into the profile while it goes.
        let pid = i32::try_from(self.process.id())
            .ok()
            .and_then(Pid::from_raw);
        let pid = pid.expect("a process that was not waited for");
        let _ = kill_process(pid, Signal::TERM);
        let (ended, ends) = channel::<()>();
        let impatient = std::thread::spawn(move || {
            if ends.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let _ = kill_process(pid, Signal::KILL);
            }
        });
        let _ = self.process.wait();
        drop(ended);
        let _ = impatient.join();
        // The last of its children may still write there.
        let begin = Instant::now();
        while std::fs::remove_dir_all(self.profile.path()).is_err()
            && self.profile.path().exists()
            && begin.elapsed() < PATIENCE
        {
            std::thread::yield_now();
        }
    }
}

fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(PROGRAM).filter(|named| !named.is_empty()) {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = NAMES.iter().find_map(|name| {
        std::env::split_paths(&path)
            .map(|folder| folder.join(name))
            .find(|program| program.is_file())
    });
    on_path.or_else(|| Some(PathBuf::from(MACOS)).filter(|program| program.is_file()))
}

/// # Panics
///
/// On CI, where nothing is left out.
fn skip() {
    let name = std::thread::current().name().unwrap_or("?").to_owned();
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci.is_empty() || ci == "false"),
        "there is no chromium on this machine: install it, or name one in {PROGRAM}"
    );
    eprintln!("!! NOT TESTED: {name} needs chromium: install it, or name one in {PROGRAM}");
    if let Some(file) = std::env::var_os(UNTESTED) {
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(file)
            .unwrap();
        file.write_all(format!("chromium\t{name}\n").as_bytes())
            .unwrap();
    }
}
