//! Running one of PostgreSQL's programs to its end, or to Ctrl-C.

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::process::Command;

use super::error::BackupError;
use crate::connection::for_libpq;
use crate::runner::Interrupt;
use crate::server::ClientProgram;

/// How long a program may take to end when it is told to.
const PATIENCE: Duration = Duration::from_secs(10);

/// The program, in English, with nobody to ask.
pub(super) fn command(program: &ClientProgram) -> Command {
    let mut command = Command::new(&program.path);
    command
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Tells it the database; the password goes by the environment.
pub(super) fn connected(command: &mut Command, url: &str) {
    let target = for_libpq(url);
    command
        .env("PGAPPNAME", "seachange backup")
        .arg("--no-password")
        .arg(format!("--dbname={}", target.url));
    if let Some(password) = target.password {
        command.env("PGPASSWORD", password);
    }
}

/// Its output where it ends well. On an interrupt it is told to stop, which cancels on the server, and is
/// waited for.
pub(super) async fn run(
    mut command: Command,
    program: &Path,
    interrupt: &Interrupt,
) -> Result<Output, BackupError> {
    let cannot = |source| BackupError::Program {
        program: program.to_owned(),
        source,
    };
    if interrupt.is_requested() {
        return Err(BackupError::Interrupted);
    }
    let child = command.spawn().map_err(cannot)?;
    drop(command);
    let pid = child.id();
    let mut ending = std::pin::pin!(child.wait_with_output());
    let output = tokio::select! {
        output = &mut ending => output.map_err(cannot)?,
        () = interrupt.requested() => {
            if let Some(pid) = pid.and_then(|pid| rustix::process::Pid::from_raw(pid.cast_signed())) {
                // It may have ended just now.
                let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
            }
            // Dropped after that, it is killed.
            let _ = tokio::time::timeout(PATIENCE, ending).await;
            return Err(BackupError::Interrupted);
        }
    };
    if output.status.success() {
        return Ok(output);
    }
    // Ctrl-C goes to both, and the program may be the quicker one.
    if interrupt.is_requested() {
        return Err(BackupError::Interrupted);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(BackupError::Failed {
        program: program.to_owned(),
        status: output.status,
        said: last_lines(&said),
    })
}

/// The last of what it said: a long account ends with the reason.
fn last_lines(text: &str) -> String {
    const LINES: usize = 12;
    let lines: Vec<&str> = text.trim().lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n  ")
}
