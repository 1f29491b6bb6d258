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
use tracing_subscriber::EnvFilter;

use self::arguments::{Arguments, Command, Verbosity};
use self::output::Output;
use super::commands;
use super::error::RunnerError;
use super::event::Direction;
use super::interrupt::{Interrupt, interrupt};
use super::plan::{plan, up_as_planned};
use super::program::Program;
use super::run::{Run, Settings, Target};

/// Bad usage (sysexits.h).
const USAGE: u8 = 64;
const INTERRUPTED: u8 = 130;

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
    trace(arguments.verbosity());
    if let Err(error) = environment
        && !error.not_found()
    {
        eprintln!("warning: `.env` is left out: {error}");
    }
    let command = arguments.command();
    let of_lines = (command.fleets()).is_some_and(|fleets| fleets.fleet_schemas.is_none());
    let target = arguments.target();
    if target.is_none() && !of_lines {
        eprintln!("error: no database is named");
        eprintln!(
            "help: give `--database-url`, or set DATABASE_URL in the environment or in `.env`"
        );
        return ExitCode::from(USAGE);
    }

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: could not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    if let Some(flag) = arguments.beside_the_plan() {
        eprintln!(
            "error: `{flag}` can't be given with `--plan`: it would change what was reviewed"
        );
        eprintln!("help: give it with `--plan-out`, and review the plan again");
        return ExitCode::from(USAGE);
    }
    if let Some(flag) = arguments.beside_the_fleet() {
        eprintln!("error: `{flag}` is for one database, and a fleet is named");
        eprintln!("help: run it on that one by itself");
        return ExitCode::from(USAGE);
    }
    let settings = arguments.settings();
    if let Some(fleets) = command.fleets() {
        let code = runtime
            .block_on(async { fleet::run(program, &arguments, fleets, &settings, listen()).await });
        runtime.shutdown_background();
        return ExitCode::from(code);
    }
    let Some(target) = target else {
        return ExitCode::from(USAGE);
    };
    let mut output = Output::new(arguments.format(), command.name(), &target);
    let result = runtime.block_on(async {
        let interrupt = listen();
        run(
            program,
            &target,
            &settings,
            &command,
            interrupt,
            &mut output,
        )
        .await
    });
    // A migration in Rust may have left something running; it does not keep the process.
    runtime.shutdown_background();
    output.end(result.as_ref().err());
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => ExitCode::from(error.exit_code()),
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

/// The first signal asks the run to stop, the second one ends the process where it is.
fn listen() -> Interrupt {
    let (interrupter, listener) = interrupt();
    tokio::spawn(async move {
        signal().await;
        eprintln!("stopping: cancelling on the server (once more to leave at once)");
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

/// On stderr; `RUST_LOG` says more exactly than `-v` what.
fn trace(verbosity: Verbosity) {
    let default = match verbosity {
        Verbosity::Quiet => "warn",
        Verbosity::Verbose => "seachange=debug,sea_orm_migration=debug,sqlx=info",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false);
    // Only a program that set up its own before keeps it.
    let _ = subscriber.try_init();
}
