//! The command line: SeaORM's commands and flags, as sea-orm-cli passes them on, and those of our own.

mod arguments;
mod fleet;
mod output;
mod progress;
mod telling;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;
use tracing::Instrument as _;

use self::arguments::{Arguments, Command, Verbosity};
use self::output::Output;
use super::commands;
use super::error::RunnerError;
use super::event::Direction;
use super::interrupt::{Interrupt, interrupt};
use super::plan::{plan, up_as_planned};
use super::program::Program;
use super::run::{Run, Settings, Target};
use crate::Help as _;
use crate::telemetry::{self, Ended, note};

/// Bad usage (sysexits.h).
const USAGE: u8 = 64;
const INTERRUPTED: u8 = 130;

/// What [`main`] understands.
pub(super) fn command_line() -> clap::Command {
    <Arguments as clap::CommandFactory>::command().name("migration")
}

/// Reads the command line, does what it says, prints, and returns the exit code.
pub(super) fn main(program: &Program, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let environment = dotenvy::dotenv();
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version come this way too; if they can't be printed there is nothing to say.
            let _ = error.print();
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
                _ => ExitCode::from(USAGE),
            };
        }
    };
    let telemetry = match telemetry::start(telling(&arguments)) {
        Ok(telemetry) => telemetry,
        Err(error) => {
            note!("error: {error}");
            if let Some(help) = error.help() {
                note!("help: {help}");
            }
            return ExitCode::from(USAGE);
        }
    };
    if let Err(error) = environment
        && !error.not_found()
    {
        note!("warning: `.env` is left out: {error}");
    }
    let target = arguments.target();
    let (code, error) = carry_out(program, &arguments, target.as_ref());
    let shown = target.as_ref().map(Target::shown);
    let ended = telemetry.end(&Ended {
        command: arguments.command().name(),
        target: shown.as_deref(),
        exit_code: code,
        error: error.as_ref().map(RunnerError::to_string).as_deref(),
    });
    if let Err(error) = ended {
        note!("error: {}", with_causes(&error));
        if let Some(help) = error.help() {
            note!("help: {help}");
        }
        return ExitCode::from(code.max(1));
    }
    ExitCode::from(code)
}

/// The exit code, and what failed where there is more to it.
fn carry_out(
    program: &Program,
    arguments: &Arguments,
    target: Option<&Target>,
) -> (u8, Option<RunnerError>) {
    let command = arguments.command();
    let of_lines = (command.fleets()).is_some_and(|fleets| fleets.fleet_schemas.is_none());
    if target.is_none() && !of_lines {
        note!("error: no database is named");
        note!("help: give `--database-url`, or set DATABASE_URL in the environment or in `.env`");
        return (USAGE, None);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            note!("error: could not start: {error}");
            return (1, None);
        }
    };
    if let Some(flag) = arguments.beside_the_plan() {
        note!("error: `{flag}` can't be given with `--plan`: it would change what was reviewed");
        note!("help: give it with `--plan-out`, and review the plan again");
        return (USAGE, None);
    }
    if let Some(flag) = arguments.beside_the_fleet() {
        note!("error: `{flag}` is for one database, and a fleet is named");
        note!("help: run it on that one by itself");
        return (USAGE, None);
    }
    let settings = arguments.settings();
    let whole = telemetry::whole(command.name());
    if let Some(fleets) = command.fleets() {
        let going = async { fleet::run(program, arguments, fleets, &settings, listen()).await };
        let code = runtime.block_on(going.instrument(whole));
        runtime.shutdown_background();
        return (code, None);
    }
    let Some(target) = target else {
        return (USAGE, None);
    };
    let mut output = Output::new(arguments.format(), command.name(), target);
    let going = async {
        let interrupt = listen();
        run(program, target, &settings, &command, interrupt, &mut output).await
    };
    let result = runtime.block_on(going.instrument(whole));
    // A migration in Rust may have left something running; it does not keep the process.
    runtime.shutdown_background();
    output.end(result.as_ref().err());
    match result {
        Ok(()) => (0, None),
        Err(error) => (error.exit_code(), Some(error)),
    }
}

async fn run(
    program: &Program,
    target: &Target,
    settings: &Settings,
    command: &Command,
    interrupt: Interrupt,
    output: &mut Output,
) -> Result<(), RunnerError> {
    if command.is_dry_run() {
        output.of_sql();
    }
    let mut observe = |event| output.event(event);
    let mut run = Run {
        program,
        target,
        settings,
        interrupt,
        observe: &mut observe,
    };
    match command {
        Command::Status(_) => {
            let status = commands::status(program, target).await?;
            output.status(&status);
            Ok(())
        }
        Command::Up(_) | Command::Down(_) if command.is_dry_run() => {
            let direction = match command {
                Command::Down(_) => Direction::Down,
                _ => Direction::Up,
            };
            let planned = commands::dry_run(&mut run, direction, &command.extent()).await?;
            output.planned(&planned);
            Ok(())
        }
        Command::Up(_) => match (command.plan_out(), command.plan()) {
            (Some(path), _) => {
                let planned = plan(&mut run, &command.extent(), path).await?;
                output.plan(&planned, path);
                Ok(())
            }
            (None, Some(path)) => up_as_planned(&mut run, path).await,
            (None, None) => commands::up(&mut run, &command.extent()).await,
        },
        Command::Down(_) => commands::down(&mut run, &command.extent()).await,
        Command::Fresh => commands::fresh(&mut run).await,
        Command::Refresh => commands::refresh(&mut run).await,
        Command::Reset => commands::reset(&mut run).await,
    }
}

/// The shape of what is printed of a fleet.
#[cfg(feature = "schemas")]
pub(super) fn fleet_shape(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    fleet::shape(generator)
}

/// The first signal asks the run to stop, the second one ends the process where it is.
fn listen() -> Interrupt {
    let (interrupter, listener) = interrupt();
    tokio::spawn(async move {
        signal().await;
        note!("stopping: cancelling on the server (once more to leave at once)");
        interrupter.interrupt();
        signal().await;
        std::process::exit(i32::from(INTERRUPTED));
    });
    listener
}

/// Ctrl-C, or what an orchestrator sends to end a job.
async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut interrupt), Ok(mut terminate)) = (
            signal(SignalKind::interrupt()),
            signal(SignalKind::terminate()),
        ) {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        // No signal can be had: nothing interrupts, then.
        std::future::pending::<()>().await;
    }
}

/// `RUST_LOG` says more exactly than `-v` what.
fn telling(arguments: &Arguments) -> telemetry::Settings {
    telemetry::Settings {
        program: "migration",
        filter: match arguments.verbosity() {
            Verbosity::Quiet => "warn",
            Verbosity::Verbose => "seachange=debug,sea_orm_migration=debug,sqlx=info",
        }
        .to_owned(),
        format: arguments.log_format,
        ansi: false,
        summary: arguments.summary.clone(),
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
