//! The runner as a process of its own, on a folder of migrations; what it prints is followed line by line.

use std::fs;
use std::future::pending;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::time::timeout;

use super::error::TortureError;

/// No run takes that long.
const LIMIT: Duration = Duration::from_secs(300);

/// The migration program that reads its migrations from a folder is an example of `seachange`.
pub(super) fn build() -> Result<(), TortureError> {
    let mut cargo = crate::project().cargo();
    cargo.args(["build", "--quiet", "-p", "seachange", "--example"]);
    let built = cargo.arg("folder_migrator").status();
    match built {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(TortureError::NotBuilt),
        Err(source) => Err(TortureError::Start {
            command: "cargo build".to_owned(),
            source,
        }),
    }
}

/// A folder of migrations.
#[derive(Clone)]
pub(super) struct Runner {
    folder: PathBuf,
    environment: Vec<(String, String)>,
}

/// Ready when that time is over, or never.
pub(super) async fn after(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => pending().await,
    }
}

/// What has ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// None where a signal ended it.
    pub(super) code: Option<i32>,
    /// What it said on stderr, and when.
    pub(super) lines: Vec<(Duration, String)>,
    pub(super) stdout: String,
    pub(super) took: Duration,
}

impl Runner {
    /// Writes the migrations, by version with their `up.sql`.
    pub(super) fn new(folder: &Path, migrations: &[(&str, String)]) -> Result<Self, TortureError> {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(TortureError::file("remove", folder))?;
        }
        for (version, up) in migrations {
            let place = folder.join(version);
            fs::create_dir_all(&place).map_err(TortureError::file("create", &place))?;
            let file = place.join("up.sql");
            fs::write(&file, up).map_err(TortureError::file("write", &file))?;
        }
        Ok(Self {
            folder: folder.to_owned(),
            environment: Vec::new(),
        })
    }

    /// The same with that in its environment.
    pub(super) fn with(&self, environment: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            folder: self.folder.clone(),
            environment: environment.iter().map(owned).collect(),
        }
    }

    pub(super) fn spawn(&self, url: &str, arguments: &str) -> Result<Running, TortureError> {
        let program = program();
        let mut command = Command::new(&program);
        let child = command
            .args(arguments.split_whitespace())
            .env("DATABASE_URL", url)
            .env("MIGRATIONS", &self.folder)
            .env_remove("DATABASE_SCHEMA")
            .envs(self.environment.clone())
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = child.map_err(|source| TortureError::Start {
            command: program.display().to_string(),
            source,
        })?;
        let lines = child.stderr.take().map(|it| BufReader::new(it).lines());
        Ok(Running {
            stdout: child.stdout.take(),
            child,
            lines,
            said: Vec::new(),
            begun: Instant::now(),
        })
    }

    /// To its end.
    pub(super) async fn run(&self, url: &str, arguments: &str) -> Result<Ended, TortureError> {
        Ok(self.spawn(url, arguments)?.end(pending()).await)
    }
}

/// Beside this very program.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    let folder = own.parent().unwrap_or(Path::new("."));
    folder.join("examples/folder_migrator")
}

pub(super) struct Running {
    child: Child,
    lines: Option<Lines<BufReader<ChildStderr>>>,
    stdout: Option<ChildStdout>,
    said: Vec<(Duration, String)>,
    begun: Instant,
}

impl Running {
    /// Follows it to its end, which is a kill once `kill` is ready.
    pub(super) async fn end(mut self, kill: impl Future<Output = ()> + Send) -> Ended {
        if timeout(LIMIT, self.follow(kill)).await.is_err() {
            let late = "torture: it did not end".to_owned();
            self.said.push((self.begun.elapsed(), late));
            let _ = self.child.start_kill();
        }
        let status = self.child.wait().await.ok();
        let took = self.begun.elapsed();
        let mut stdout = String::new();
        if let Some(mut pipe) = self.stdout.take() {
            let _ = pipe.read_to_string(&mut stdout).await;
        }
        Ended {
            code: status.and_then(|status| status.code()),
            lines: self.said,
            stdout,
            took,
        }
    }

    /// Until it says no more.
    async fn follow(&mut self, kill: impl Future<Output = ()>) {
        let Some(mut lines) = self.lines.take() else {
            return;
        };
        let mut kill = std::pin::pin!(kill);
        let mut killed = false;
        loop {
            tokio::select! {
                line = lines.next_line() => match line {
                    Ok(Some(line)) => self.said.push((self.begun.elapsed(), line)),
                    _ => return,
                },
                () = &mut kill, if !killed => {
                    // One that has just ended can't be killed any more.
                    let _ = self.child.start_kill();
                    killed = true;
                }
            }
        }
    }
}

impl Ended {
    pub(super) fn is_done(&self) -> bool {
        self.code == Some(0)
    }

    pub(super) fn was_killed(&self) -> bool {
        self.code.is_none()
    }

    /// Lines that hold the words.
    pub(super) fn count(&self, words: &str) -> usize {
        self.lines
            .iter()
            .filter(|(_, line)| line.contains(words))
            .count()
    }

    pub(super) fn text(&self) -> String {
        let said: Vec<&str> = self.lines.iter().map(|(_, line)| line.as_str()).collect();
        format!("{}\n{}", said.join("\n"), self.stdout.trim())
    }
}
