//! The throwaway server for one run of something else, such as all tests: started before, stopped
//! after, whatever ends the run. A child of our own waits for the end and does the stopping, because
//! a process that is killed can't.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

use seachange::scratch::SCRATCH_URL;
use seachange::server::{self, Role, Settings};
use seachange::testing::KEEP;

use crate::args::Options;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::project::Project;
use crate::run;
use crate::target::variable;

/// The hidden word that makes this program the one that waits.
pub(crate) const GUARD: &str = "stop-throwaway-at-end-of-input";

/// A server for scratch databases, for as long as this value lives.
pub struct Throwaway {
    url: String,
    programs: Option<PathBuf>,
    /// None where the server is not ours to stop.
    _guard: Option<Guard>,
}

impl Throwaway {
    /// The server that `SEACHANGE_SCRATCH_URL` names, or the workspace's own; one that runs already is
    /// left running, and so is one that keeps databases because of `SEACHANGE_KEEP`. What keeps it from starting is printed.
    pub fn start(project: &Project) -> Result<Self, ExitCode> {
        let context = Context::new(project.clone(), Options::default());
        let started = match variable(SCRATCH_URL) {
            Some(url) => Ok(Self {
                url,
                programs: None,
                _guard: None,
            }),
            None => started(&context.server()),
        };
        started.map_err(|failure| run::report(&context.terminal, &failure).into())
    }

    /// One of that version of PostgreSQL (`17`, `17.10`), beside the workspace's own and in nobody's
    /// way: its programs, fetched if this machine has none, are not found by other commands. Which
    /// version it is, is printed.
    pub fn of_version(project: &Project, version: &str) -> Result<Self, ExitCode> {
        let context = Context::new(project.clone(), Options::default());
        let provided = || {
            let mut settings = Settings {
                home: context.home().join("versions").join(version),
                programs: None,
            };
            let found = server::provide(&settings, version)?;
            context.terminal.note(format!("tests run on {found}"));
            settings.programs = Some(found.bin);
            started(&settings)
        };
        provided().map_err(|failure| run::report(&context.terminal, &failure).into())
    }

    /// For programs that read `SEACHANGE_SCRATCH_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder of the programs that run it, where a version was asked for.
    pub fn programs(&self) -> Option<&Path> {
        self.programs.as_deref()
    }
}

fn started(settings: &Settings) -> Result<Throwaway, Failure> {
    let programs = settings.programs.clone();
    if variable(KEEP).is_some_and(|value| value != "0") {
        // What is kept of tests that fail is on it.
        let server = server::ensure(settings, Role::Throwaway)?;
        return Ok(Throwaway {
            url: server.socket_url("postgres"),
            programs,
            _guard: None,
        });
    }
    // Before the server is there: a kill in between would leave it behind.
    let guard = match server::running(settings, Role::Throwaway)? {
        Some(_) => None,
        None => Some(Guard::start(&settings.home)?),
    };
    let server = server::ensure(settings, Role::Throwaway)?;
    Ok(Throwaway {
        url: server.socket_url("postgres"),
        programs,
        _guard: match (guard, server.freshly_started) {
            (Some(guard), true) => Some(guard),
            // Somebody else was quicker, and it is theirs to stop.
            (Some(guard), false) => {
                guard.dismiss();
                None
            }
            (None, _) => None,
        },
    })
}

/// The child that stops the server when its input ends, which it does with this process.
struct Guard(Child);

impl Guard {
    fn start(home: &Path) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| {
            Failure::new("cannot start what stops the throwaway server").help("the machine has too little memory, or too many processes; `stop` stops the server").because(&error)
        };
        let program = std::env::current_exe().map_err(failed)?;
        Command::new(program)
            .arg(GUARD)
            .env("SEACHANGE_HOME", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            // Ctrl-C is for the run; the stopping comes after it.
            .process_group(0)
            .spawn()
            .map(Self)
            .map_err(failed)
    }

    fn dismiss(mut self) {
        // It may be gone already; waiting for it is left to the drop.
        let _ = self.0.kill();
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // It says itself what fails.
        let _ = self.0.wait();
    }
}

/// Waits until whoever started it is gone, then stops the server.
pub(crate) fn wait_and_stop(project: Project) -> Exit {
    let context = Context::new(project, Options::default());
    // Nothing is ever sent; an error is an end as well.
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    match server::stop(&context.server(), Role::Throwaway) {
        Ok(_) => Exit::Done,
        Err(error) => run::report(&context.terminal, &error.into()),
    }
}
