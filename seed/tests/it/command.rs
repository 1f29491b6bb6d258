//! Running the program.

use std::process::{Command, Output};

/// What one run came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs it from a folder without a `.env`, with nothing said by the environment.
pub(crate) fn seed(arguments: &[&str]) -> Run {
    let folder = tempfile::tempdir().expect("makes a folder");
    run(Command::new(env!("CARGO_BIN_EXE_seed"))
        .args(arguments)
        .env_remove("DATABASE_URL")
        .current_dir(folder.path()))
}

pub(crate) fn run(command: &mut Command) -> Run {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the program starts");
    Run {
        code: status.code(),
        stdout: String::from_utf8(stdout).expect("is text"),
        stderr: String::from_utf8(stderr).expect("is text"),
    }
}

impl Run {
    /// Fails unless all went well.
    #[track_caller]
    pub(crate) fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.stdout
    }

    /// Fails unless it failed, and with this code.
    #[track_caller]
    pub(crate) fn failed(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(self.stderr.contains("error: "), "{self:?}");
        self.stderr
    }
}
