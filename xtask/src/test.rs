//! `test`: every test of the workspace, on one throwaway server.

use std::ffi::OsString;
use std::process::{ExitCode, Stdio};

use seachange_cli::Throwaway;

/// Runs the tests with cargo-nextest where it is installed, else with cargo; arguments are passed on.
pub(crate) fn run(arguments: Vec<OsString>) -> ExitCode {
    let project = crate::project();
    let server = match Throwaway::start(&project) {
        Ok(server) => server,
        Err(code) => return code,
    };
    let nextest = project
        .cargo()
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
    let chosen = ["-p", "--package", "--workspace"];
    let all = !arguments
        .iter()
        .any(|word| chosen.iter().any(|it| word == it));
    let status = project
        .cargo()
        .args(runner)
        .args(all.then_some("--workspace"))
        .args(arguments)
        .env("SEACHANGE_SCRATCH_URL", server.url())
        .status();
    match status {
        Ok(status) => match status.code().and_then(|code| u8::try_from(code).ok()) {
            Some(code) => ExitCode::from(code),
            None => ExitCode::from(130),
        },
        Err(error) => {
            eprintln!("error: cannot run cargo: {error}");
            ExitCode::FAILURE
        }
    }
}
