//! `test`: every test of the workspace.

use std::ffi::OsString;
use std::process::{Command, ExitCode, Stdio};

/// Runs the tests with cargo-nextest where it is installed, else with cargo; arguments are passed on.
pub(crate) fn run(arguments: Vec<OsString>) -> ExitCode {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let nextest = Command::new(&cargo)
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    let runner: &[&str] = if nextest {
        &["nextest", "run"]
    } else {
        &["test"]
    };
    let status = Command::new(&cargo)
        .args(runner)
        .arg("--workspace")
        .args(arguments)
        .current_dir(crate::project().root)
        .status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => match status.code().and_then(|code| u8::try_from(code).ok()) {
            Some(code) => ExitCode::from(code),
            None => ExitCode::from(130),
        },
        Err(error) => {
            eprintln!("error: cannot run `{}`: {error}", cargo.to_string_lossy());
            ExitCode::FAILURE
        }
    }
}
