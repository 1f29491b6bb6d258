//! Backups, for all commands that make one: where they go, and Ctrl-C.

use std::path::PathBuf;

use seachange::backup::{Backup, BackupError, Wanted};
use seachange::runner::{Interrupt, interrupt};
use seachange::server::Clients;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Target;

/// Where backups go unless somebody says otherwise.
pub(crate) fn folder(context: &Context) -> PathBuf {
    context.home().join("backups")
}

/// Where pg_dump and pg_restore are looked for.
pub(crate) fn clients(context: &Context) -> Clients {
    let settings = context.server();
    Clients {
        programs: settings.programs,
        home: Some(settings.home),
    }
}

/// Makes one, and says so.
pub(crate) async fn make(
    context: &Context,
    target: &Target,
    wanted: &Wanted,
) -> Result<Backup, Failure> {
    let backup = interruptible(context, async |interrupt| {
        let making = seachange::backup::backup(&target.url, wanted, None, interrupt);
        context.noted("backing up …", making).await
    });
    let backup = backup.await.map_err(failure)?;
    if !context.terminal.is_json() {
        for line in backup.lines() {
            context.terminal.result(&format!("{line}\n"))?;
        }
    }
    Ok(backup)
}

/// Work that hears of Ctrl-C itself, and ends in good order.
pub(crate) async fn interruptible<T>(
    context: &Context,
    work: impl AsyncFnOnce(&Interrupt) -> T,
) -> T {
    // pg_dump gets the same signal; until it has ended, so do we not.
    let _child = context.child_runs();
    let (interrupter, interrupt) = interrupt();
    let listening = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            interrupter.interrupt();
        }
    });
    let done = work(&interrupt).await;
    listening.abort();
    done
}

/// With the exit code that it means.
pub(crate) fn failure(error: BackupError) -> Failure {
    if error.is_interrupt() {
        return Failure::interrupted();
    }
    let exit = match error.is_refusal() {
        true => Exit::Refused,
        false => Exit::Failed,
    };
    let missing = match &error {
        BackupError::Sessions { .. } => vec!["--force".to_owned()],
        _ => Vec::new(),
    };
    Failure {
        exit,
        missing,
        ..Failure::from(error)
    }
}
