//! Running a program of the workspace on a database: its exit code is ours.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use seachange::telemetry;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::Command;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Target;
use crate::terminal::look;

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
    command
        .args(arguments)
        .envs(look::environment(context.options.color))
        .current_dir(&context.project.root);
    tell(&mut command);
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

/// Runs it on the target where nobody can be asked, and tells its lines, of both outputs, as they come. It does not hear
/// the terminal's Ctrl-C: `begun` is told the process, for SIGINT.
pub(crate) async fn run_and_tell(
    context: &Context,
    program: &Path,
    arguments: &[String],
    target: &Target,
    begun: impl FnOnce(u32),
    tell: &impl Fn(String),
) -> Result<Exit, Failure> {
    let _child = context.child_runs();
    let failed = |error: io::Error| cannot_run(program, &error);
    let mut child = command(context, program, arguments, target)
        .process_group(0)
        .env(telemetry::LOG_FORMAT, "text")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    child.id().map(begun);
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (ended, told, noted) = tokio::join!(child.wait(), lines(stdout, tell), lines(stderr, tell));
    told.and(noted).map_err(failed)?;
    exit(program, ended.map_err(failed)?)
}

async fn lines(output: Option<impl AsyncRead + Unpin>, tell: &impl Fn(String)) -> io::Result<()> {
    let Some(output) = output else {
        return Ok(());
    };
    let mut lines = BufReader::new(output).lines();
    while let Some(line) = lines.next_line().await? {
        tell(line);
    }
    Ok(())
}

fn command(context: &Context, program: &Path, arguments: &[String], target: &Target) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("DATABASE_URL", &target.url)
        .envs(look::environment(context.options.color))
        .current_dir(&context.project.root);
    tell(&mut command);
    command
}

/// How it tells of its run: its lines as ours, its phases in our trace. The summary is this program's.
fn tell(command: &mut Command) {
    let format = if telemetry::speaks_json() {
        "json"
    } else {
        "text"
    };
    command
        .env(telemetry::LOG_FORMAT, format)
        .env_remove(telemetry::SUMMARY)
        .envs(telemetry::for_child());
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
        )).help("`status` shows how far it came; run it again to go on. Signal 9 mostly means that memory ran out")),
    }
}

fn cannot_run(program: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot run `{}`", program.display())).help("run `cargo clean`, or see that the target folder is on a disk that programs may run from").because(error)
}
