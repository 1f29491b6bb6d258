//! Running a program of the workspace on a database: its exit code is ours.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use tokio::process::Command;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Target;

const SIGINT: i32 = 2;
const SIGTERM: i32 = 15;

/// What a program printed on stdout, and how it ended.
pub(crate) struct Output {
    pub(crate) exit: Exit,
    pub(crate) stdout: String,
}

/// Runs it on the target with our own terminal.
pub(crate) async fn run(
    context: &Context,
    program: &Path,
    arguments: &[String],
    target: &Target,
) -> Result<Exit, Failure> {
    ended(
        context,
        program,
        command(context, program, arguments, target),
    )
    .await
}

/// The same for one that is told its databases by its arguments.
pub(crate) async fn run_by_itself(
    context: &Context,
    program: &Path,
    arguments: &[String],
) -> Result<Exit, Failure> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(&context.project.root);
    ended(context, program, command).await
}

async fn ended(context: &Context, program: &Path, mut command: Command) -> Result<Exit, Failure> {
    let _child = context.child_runs();
    let status = command
        .status()
        .await
        .map_err(|error| cannot_run(program, &error))?;
    exit(program, status)
}

/// Runs it on the target and keeps what it prints on stdout.
pub(crate) async fn run_and_read(
    context: &Context,
    program: &Path,
    arguments: &[String],
    target: &Target,
) -> Result<Output, Failure> {
    let _child = context.child_runs();
    let output = command(context, program, arguments, target)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| cannot_run(program, &error))?
        .wait_with_output()
        .await
        .map_err(|error| cannot_run(program, &error))?;
    Ok(Output {
        exit: exit(program, output.status)?,
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
    })
}

fn command(context: &Context, program: &Path, arguments: &[String], target: &Target) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("DATABASE_URL", &target.url)
        .current_dir(&context.project.root);
    command
}

fn exit(program: &Path, status: ExitStatus) -> Result<Exit, Failure> {
    match (status.code(), status.signal()) {
        (Some(0), _) => Ok(Exit::Done),
        (Some(code), _) => Ok(Exit::Child(u8::try_from(code).unwrap_or(1))),
        (None, Some(SIGINT | SIGTERM)) => Ok(Exit::Interrupted),
        (None, signal) => Err(Failure::new(format!(
            "`{}` was ended by signal {}",
            program.display(),
            signal.unwrap_or_default()
        ))),
    }
}

fn cannot_run(program: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot run `{}`", program.display())).because(error)
}
