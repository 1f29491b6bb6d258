//! Backups, for all commands that make one: the flags, where they go, and Ctrl-C.

use std::path::PathBuf;

use seachange::backup::{Backup, BackupError, Destination, Keep, Wanted};
use seachange::runner::{Interrupt, interrupt};
use seachange::server::Clients;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Target;

/// Of commands that change a database.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Backups {
    /// Dump the database into `.seachange/backups` first, if there is anything to do
    #[arg(long, conflicts_with = "dry_run")]
    backup: bool,
    /// Delete older backups of this database there, once the new one is whole; `7d`, `12h`
    #[arg(long, value_name = "TIME", requires = "backup")]
    keep: Option<Keep>,
}

impl Backups {
    /// For the migration program.
    pub(crate) fn words(&self, context: &Context) -> Vec<String> {
        if !self.backup {
            return Vec::new();
        }
        let mut words = vec!["--backup".to_owned()];
        let clients = clients(context);
        for (name, value) in [
            ("--backup-dir", Some(folder(context))),
            ("--home", clients.home),
            ("--server-bin", clients.programs),
        ] {
            let path = value.map(|path| path.display().to_string());
            words.extend(path.into_iter().flat_map(|path| [name.to_owned(), path]));
        }
        let keep = self.keep.map(|keep| keep.to_string());
        words.extend(
            keep.into_iter()
                .flat_map(|keep| ["--keep".to_owned(), keep]),
        );
        words
    }

    /// Makes the backup where one is asked for.
    pub(crate) async fn make(
        &self,
        context: &Context,
        target: &Target,
    ) -> Result<Option<Backup>, Failure> {
        if !self.backup {
            return Ok(None);
        }
        let wanted = Wanted {
            to: Destination::Folder(folder(context)),
            jobs: 1,
            keep: self.keep,
            clients: clients(context),
        };
        make(context, target, &wanted).await.map(Some)
    }

    /// Says that none is made, where one was asked for.
    pub(crate) fn none(&self, context: &Context) {
        if self.backup {
            context
                .terminal
                .note("nothing to do, so no backup was made");
        }
    }
}

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
