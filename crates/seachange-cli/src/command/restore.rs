//! `restore`: a backup in the place of a local database, or beside one; all of it, or nothing.

use std::path::PathBuf;

use seachange::backup::{self, BackupError, Contents, Onto, Others, Owners, Restore, Restored};
use serde::Serialize;

use crate::backups;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Target;
use crate::terminal::Question;

/// Restore a backup: all of it, or nothing
///
/// A local database is replaced by a fresh one that takes its name when pg_restore has succeeded completely.
/// One that is not on this machine has to be empty, or gets another beside it: `--into`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What `backup` wrote, or pg_dump in its custom or directory format
    file: PathBuf,
    /// Into a new database of this name, and leave the one that is there
    #[arg(long, value_name = "NAME", conflicts_with = "force")]
    into: Option<String>,
    /// Do not ask, though the database holds something or is on another machine
    #[arg(long, short)]
    yes: bool,
    /// End other sessions that use the database
    #[arg(long)]
    force: bool,
    /// So many of pg_restore's workers
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: u16,
    /// Leave out owners and privileges: all belongs to the role that restores
    #[arg(long)]
    no_owner: bool,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report {
    from: PathBuf,
    #[serde(flatten)]
    restored: Restored,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let target = context.announced_target().await?;
    if !args.file.exists() {
        return Err(
            Failure::new(format!("there is no `{}`", args.file.display()))
                .help("`backup` says where it puts a backup: mostly below `.seachange/backups`"),
        );
    }
    let onto = onto(context, &target, &args).await?;
    let request = Restore {
        from: args.file.clone(),
        onto,
        jobs: args.jobs,
        owners: match args.no_owner {
            true => Owners::LeftOut,
            false => Owners::Kept,
        },
        clients: backups::clients(context),
    };
    let restored = backups::interruptible(context, async |interrupt| {
        let restoring = backup::restore(&target.url, &request, interrupt);
        context.noted("restoring …", restoring).await
    });
    let restored = restored.await.map_err(backups::failure)?;
    if context.terminal.is_json() {
        context.terminal.json(&Report {
            from: args.file,
            restored,
        })?;
        return Ok(Exit::Done);
    }
    context.terminal.result(&format!(
        "restored {} from {} ({} entries) in {} ms\n",
        restored.database,
        args.file.display(),
        restored.entries,
        restored.duration_ms
    ))?;
    Ok(Exit::Done)
}

/// Where it goes, with the consent that this needs.
async fn onto(context: &Context, target: &Target, args: &Args) -> Result<Onto, Failure> {
    if let Some(name) = &args.into {
        return Ok(Onto::New(name.clone()));
    }
    let others = match args.force {
        true => Others::End,
        false => Others::Stay,
    };
    let held = match backup::contents(&target.url).await {
        Ok(held) => held,
        // invalid_catalog_name: there is nothing that could be lost.
        Err(BackupError::Connect(error)) if target.local && error.sqlstate() == Some("3D000") => {
            return Ok(Onto::Replaced(others));
        }
        Err(error) => return Err(backups::failure(error)),
    };
    if !target.local {
        return remote(context, target, &held, args);
    }
    if !args.force {
        in_the_way(target).await?;
    }
    if !held.is_empty() && !args.yes {
        let what = format!("{} with {held} and all its rows", target.name);
        context.terminal.consent(Question {
            text: &format!("replace {what} by the backup?"),
            refusal: &format!("restore replaces {what}"),
            flags: vec!["--yes".to_owned()],
        })?;
    }
    Ok(Onto::Replaced(others))
}

/// Sessions are told before anything is asked.
async fn in_the_way(target: &Target) -> Result<(), Failure> {
    let sessions = backup::sessions(&target.url).await;
    let sessions = sessions.map_err(backups::failure)?;
    if sessions.is_empty() {
        return Ok(());
    }
    Err(backups::failure(BackupError::Sessions {
        database: target.name.clone(),
        sessions,
    }))
}

fn remote(
    context: &Context,
    target: &Target,
    held: &Contents,
    args: &Args,
) -> Result<Onto, Failure> {
    if !held.is_empty() {
        return Err(backups::failure(BackupError::NotEmpty {
            database: target.name.clone(),
            held: held.to_string(),
        }));
    }
    if !args.yes {
        context.terminal.consent(Question {
            text: &format!("restore into {}?", target.masked()),
            refusal: &format!("{} is not on this machine", target.masked()),
            flags: vec!["--yes".to_owned()],
        })?;
    }
    Ok(Onto::Empty)
}
