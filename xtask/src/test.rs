//! `test`: every test of the workspace, on one throwaway server, of the version that `--pg` names.

mod untested;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};

use seachange_cli::Throwaway;
use untested::{UNTESTED, Untested};

/// Runs the tests with cargo-nextest where it is installed, else with cargo; arguments are passed on.
pub(crate) fn run(arguments: Vec<OsString>) -> ExitCode {
    let project = crate::project();
    let (version, arguments) = match split_version(arguments) {
        Ok(split) => split,
        Err(message) => {
            eprintln!("error: {message}");
            return ExitCode::from(64);
        }
    };
    let started = match &version {
        Some(version) => Throwaway::of_version(&project, version),
        None => Throwaway::start(&project),
    };
    let server = match started {
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
    let untested = Untested::begin();
    let mut tests = project.cargo();
    tests
        .args(runner)
        .args(all.then_some("--workspace"))
        .args(arguments)
        .env("SEACHANGE_SCRATCH_URL", server.url())
        .env(UNTESTED, untested.file());
    if let Some(programs) = server.programs() {
        // Servers that tests start themselves take the first programs on the PATH.
        tests
            .env("PATH", before_path(programs.to_owned()))
            .env_remove("SEACHANGE_TEST_URL")
            .env_remove("SEACHANGE_PG_BIN");
    }
    let status = tests.status();
    if let Some(told) = untested.told() {
        eprintln!("{told}");
    }
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

/// The version behind `--pg`, and the other arguments.
fn split_version(arguments: Vec<OsString>) -> Result<(Option<String>, Vec<OsString>), String> {
    let mut version = None;
    let mut others = Vec::new();
    let mut arguments = arguments.into_iter();
    while let Some(word) = arguments.next() {
        if word == "--" {
            others.push(word);
            others.extend(arguments);
            break;
        }
        let given = match word.to_str().and_then(|word| word.strip_prefix("--pg")) {
            Some("") => arguments.next(),
            Some(text) if text.starts_with('=') => Some(OsString::from(&text[1..])),
            _ => {
                others.push(word);
                continue;
            }
        };
        version = given
            .as_deref()
            .and_then(OsStr::to_str)
            .filter(|text| text.starts_with(|c: char| c.is_ascii_digit()))
            .map(str::to_owned);
        if version.is_none() {
            return Err("`--pg` wants a version of PostgreSQL, such as `--pg 17`".to_owned());
        }
    }
    Ok((version, others))
}

fn before_path(programs: PathBuf) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = [programs].into_iter().chain(std::env::split_paths(&path));
    // A folder with a colon in its name can't be on a PATH.
    std::env::join_paths(folders).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(words: &[&str]) -> Result<(Option<String>, Vec<OsString>), String> {
        split_version(words.iter().map(OsString::from).collect())
    }

    #[test]
    fn the_version_is_taken_out_of_the_arguments() {
        for words in [
            ["--pg", "17", "-p", "seachange"].as_slice(),
            &["-p", "seachange", "--pg=17"],
        ] {
            let (version, others) = split(words).expect("is a version");
            assert_eq!(version.as_deref(), Some("17"));
            assert_eq!(others, ["-p", "seachange"]);
        }
        let (version, others) = split(&["--", "--pg", "17"]).expect("none of ours");
        assert_eq!(version, None);
        assert_eq!(others.len(), 3);
    }

    #[test]
    fn a_version_that_is_none_is_refused() {
        for words in [["--pg"].as_slice(), &["--pg", "-p"], &["--pg="]] {
            assert!(split(words).is_err(), "{words:?}");
        }
    }
}
