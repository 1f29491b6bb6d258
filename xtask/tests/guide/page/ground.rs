//! Where a page is walked: a folder and an environment, which commands can change as they do at a terminal.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// A folder, its environment, and how what is found there is shown on a page.
pub(crate) struct Ground {
    root: PathBuf,
    environment: Vec<(OsString, Option<OsString>)>,
    shown: Vec<(String, String)>,
    /// Directory and variables that a command leaves to the next one.
    state: tempfile::TempPath,
}

/// How a command ended, and what it printed.
pub(crate) struct Printed {
    pub(crate) output: String,
    pub(crate) code: i32,
}

/// Errors of a command stand among its output, as at a terminal.
const SCRIPT: &str = r#"
exec 2>&1
set -o pipefail
page_state=$1
if [ -s "$page_state" ]; then . "$page_state"; cd "$PWD"; fi
trap 'export -p > "$page_state"' EXIT
eval "$2"
"#;

impl Ground {
    /// A folder, which is shown as `/home/ada/shop` is, say.
    pub(crate) fn at(root: &Path, shown: &str) -> Self {
        let root = root.to_owned();
        let state = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        Self {
            shown: vec![(root.to_str().unwrap().to_owned(), shown.to_owned())],
            root,
            environment: Vec::new(),
            state,
        }
    }

    /// A variable of its environment.
    pub(crate) fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), Some(value.into())));
        self
    }

    /// A variable that is not to be there.
    pub(crate) fn without(mut self, name: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), None));
        self
    }

    /// A text of this machine, and what stands for it on the page: in what commands print, and the other
    /// way round in the commands.
    pub(crate) fn shows(mut self, real: &str, shown: &str) -> Self {
        self.shown.push((real.to_owned(), shown.to_owned()));
        self
    }

    /// Runs a command by bash, with nobody at a terminal.
    pub(crate) fn run(&self, words: &str) -> Printed {
        let mut real = words.to_owned();
        for (from, to) in &self.shown {
            real = real.replace(to, from);
        }
        let mut command = Command::new("bash");
        command
            .args(["--norc", "-c", SCRIPT, "bash"])
            .arg(&self.state)
            .arg(real)
            .current_dir(&self.root)
            .stdin(Stdio::null());
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let begin = Instant::now();
        let output = command.output().unwrap();
        eprintln!("{:6.2} s  {words}", begin.elapsed().as_secs_f32());
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        for (from, to) in &self.shown {
            text = text.replace(from, to);
        }
        Printed {
            output: text,
            code: output.status.code().unwrap_or(-1),
        }
    }

    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root.join(path))
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let file = self.root.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
}
