//! `backup`: dumps the database by pg_dump, under a name that says what it is.

use std::path::{MAIN_SEPARATOR, PathBuf};

use seachange::backup::{Backup, Destination, Keep, Wanted};
use serde::Serialize;

use crate::backups;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Shown;

/// Dump the database by pg_dump, and see that the dump can be read
///
/// The file holds one database: no roles and no other databases. Its name says which database, when, and the
/// last applied migration.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The file, which must not be there yet, or a folder for it; else `.seachange/backups`
    #[arg(long, value_name = "FILE|DIR")]
    out: Option<PathBuf>,
    /// Into a folder instead of a file, by so many workers of pg_dump: for large databases
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: u16,
    /// Delete older backups of this database there, once the new one is whole; `7d`, `12h`
    #[arg(long, value_name = "TIME")]
    keep: Option<Keep>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report {
    target: Shown,
    #[serde(flatten)]
    backup: Backup,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let target = context.announced_target().await?;
    let to = match args.out {
        None => Destination::Folder(backups::folder(context)),
        Some(path) if path.is_dir() || is_written_as_folder(&path) => Destination::Folder(path),
        Some(path) => Destination::Path(path),
    };
    let wanted = Wanted {
        to,
        jobs: args.jobs,
        keep: args.keep,
        clients: backups::clients(context),
    };
    let backup = backups::make(context, &target, &wanted).await?;
    if context.terminal.is_json() {
        context.terminal.json(&Report {
            target: target.shown(),
            backup,
        })?;
    }
    Ok(Exit::Done)
}

fn is_written_as_folder(path: &std::path::Path) -> bool {
    path.to_string_lossy().ends_with(MAIN_SEPARATOR)
}
