//! `--backup` and what goes with it.

use std::path::PathBuf;

use clap::Args;

use crate::backup::{Destination, Keep, Wanted};
use crate::server::Clients;

#[derive(Args, Clone, Debug, Default)]
pub(super) struct Backups {
    /// Dump the database with pg_dump first; not when there is nothing to do.
    #[arg(long, requires = "backup_dir", conflicts_with = "dry_run")]
    backup: bool,

    /// The folder for it.
    #[arg(long, env = "SEACHANGE_BACKUP_DIR", value_name = "DIR")]
    backup_dir: Option<PathBuf>,

    /// Delete older backups of this database from that folder, once this one is whole; `7d`, `12h`.
    #[arg(long, value_name = "TIME", requires = "backup")]
    keep: Option<Keep>,

    /// Into a folder instead of a file, by so many workers of pg_dump: for large databases.
    #[arg(
        long,
        value_name = "N",
        requires = "backup",
        value_parser = clap::value_parser!(u16).range(1..)
    )]
    backup_jobs: Option<u16>,

    /// The folder of PostgreSQL's programs, if they are not found without it.
    #[arg(long, env = "SEACHANGE_PG_BIN", value_name = "DIR")]
    server_bin: Option<PathBuf>,

    /// Where the workspace keeps programs that it installed.
    #[arg(long, env = "SEACHANGE_HOME", hide = true)]
    home: Option<PathBuf>,
}

impl Backups {
    pub(super) fn wanted(&self) -> Option<Wanted> {
        let folder = self.backup_dir.clone().filter(|_| self.backup)?;
        let set = |path: &Option<PathBuf>| path.clone().filter(|path| !path.as_os_str().is_empty());
        Some(Wanted {
            to: Destination::Folder(folder),
            jobs: self.backup_jobs.unwrap_or(1),
            keep: self.keep,
            clients: Clients {
                programs: set(&self.server_bin),
                home: set(&self.home),
            },
        })
    }
}
