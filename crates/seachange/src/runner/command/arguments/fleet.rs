//! `--fleet` and what goes with it.

use std::path::PathBuf;

use clap::Args;

use crate::runner::fleet::{Pace, Tolerance};

/// The targets, instead of one database.
#[derive(Args, Clone, Debug, Default)]
pub(in crate::runner::command) struct Fleets {
    /// On all targets that the file names, one a line: `URL [schema=NAME] [name=NAME] [canary]`.
    #[arg(
        long,
        value_name = "FILE",
        group = "targets",
        help_heading = "Many databases"
    )]
    pub(in crate::runner::command) fleet: Option<PathBuf>,

    /// On all targets that a command of the shell prints in such lines.
    #[arg(
        long,
        value_name = "COMMAND",
        group = "targets",
        help_heading = "Many databases"
    )]
    pub(in crate::runner::command) fleet_command: Option<String>,

    /// On all schemas of the database whose names are like this; `*` and `?` stand for others.
    #[arg(
        long,
        value_name = "PATTERN",
        group = "targets",
        help_heading = "Many databases"
    )]
    pub(in crate::runner::command) fleet_schemas: Option<String>,

    /// How many targets at once; each has two connections.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 4,
        value_parser = clap::value_parser!(u16).range(1..),
        help_heading = "Many databases"
    )]
    parallel: u16,

    /// The first N go first, with those that are marked `canary`: the others only when all of them succeeded.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        requires = "targets",
        help_heading = "Many databases"
    )]
    canaries: u32,

    /// How many targets may fail, besides canaries, before no other is begun: `3`, or a share of all.
    #[arg(
        long,
        value_name = "N",
        default_value = "5%",
        requires = "targets",
        help_heading = "Many databases"
    )]
    max_failures: Tolerance,
}

impl Fleets {
    pub(in crate::runner::command) fn is_given(&self) -> bool {
        self.fleet.is_some() || self.fleet_command.is_some() || self.fleet_schemas.is_some()
    }

    pub(in crate::runner::command) fn pace(&self) -> Pace {
        Pace {
            parallel: usize::from(self.parallel).max(1),
            canaries: usize::try_from(self.canaries).unwrap_or(usize::MAX),
            tolerance: self.max_failures,
        }
    }
}
