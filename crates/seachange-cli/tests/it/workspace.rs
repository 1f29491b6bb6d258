//! A workspace in a folder of its own, and what its program prints there.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::schemas;

pub(crate) struct Workspace {
    root: TempDir,
    scratch: Option<String>,
}

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// What was run.
    pub(crate) line: Vec<String>,
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workspace {
    /// With an empty migration package.
    pub(crate) fn new() -> Self {
        let root = tempfile::Builder::new()
            .prefix("harbour-")
            .tempdir()
            .unwrap();
        // The user of the server has to come in.
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let src = root.path().join("migration/src");
        fs::create_dir_all(&src).unwrap();
        fs::write(src.join("lib.rs"), seachange::migrations::LIB_RS).unwrap();
        Self {
            root,
            scratch: None,
        }
    }

    /// With its own server running, which is the one for scratch databases too.
    pub(crate) fn with_server() -> Self {
        let mut workspace = Self::new();
        let url = workspace.run(&["db", "url", "--socket"]).succeeded();
        workspace.scratch = Some(url.trim().replace("/harbour?", "/postgres?"));
        workspace
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root.path().join(below)
    }

    pub(crate) fn write(&self, below: &str, text: &str) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The program with nothing of the tests' own environment that it would heed.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        for name in [
            "DATABASE_URL",
            "CI",
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "COLUMNS",
            "SEACHANGE_PLAIN",
            "RUST_LOG",
            "SEACHANGE_HOME",
            "SEACHANGE_PG_BIN",
            "SEACHANGE_SCRATCH_URL",
            "SEACHANGE_TEST_URL",
            "SEACHANGE_KEEP",
        ] {
            command.env_remove(name);
        }
        if let Some(url) = &self.scratch {
            command.env("SEACHANGE_SCRATCH_URL", url);
        }
        command
            .args(arguments)
            .env("WORKSPACE", self.root.path())
            .current_dir(self.root.path())
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, &[])
    }

    pub(crate) fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
        let mut command = self.command(arguments);
        command.envs(environment.iter().copied());
        let line = arguments.iter().map(|word| (*word).to_owned()).collect();
        Ran {
            line,
            ..Ran::from(command.output().unwrap())
        }
    }

    /// What psql prints for one statement.
    pub(crate) fn sql(&self, sql: &str) -> String {
        self.run(&["db", "psql", "--", "-qtAc", sql]).succeeded()
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        if self.path(".seachange").exists() {
            let stopped = self.run(&["db", "stop"]);
            assert!(std::thread::panicking() || stopped.code == 0, "{stopped:?}");
        }
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            line: Vec::new(),
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// What it printed on stdout.
    #[track_caller]
    pub(crate) fn succeeded(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.stdout
    }

    /// What it printed on stderr.
    #[track_caller]
    pub(crate) fn failed_with(self, code: i32) -> String {
        assert_eq!(self.code, code, "{self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        self.stderr
    }

    /// The one object that it printed on stdout.
    #[track_caller]
    pub(crate) fn json(&self, code: i32) -> Value {
        assert_eq!(self.code, code, "{self:?}");
        let value: Value = serde_json::from_str(&self.stdout).expect(&self.stdout);
        assert_eq!(value["version"], 1);
        schemas::hold(&self.line, &value);
        value
    }
}

/// Cargo builds examples together with the tests, beside them.
pub(crate) fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target: &Path = test.ancestors().nth(2).unwrap();
    target.join("examples/workspace")
}
