//! What a `migration` binary does: apply migrations and take them back, one process at a time, with a
//! record of who did what. [`main`] is the binary; [`up`], [`down`] and their like are for programs
//! that migrate by themselves.
//!
//! SeaORM's `seaql_migrations` stays the record of what is applied, in SeaORM's own shape, so that
//! SeaORM's runner works on the same database; `seachange_history` keeps what that table can't say.

mod ability;
mod adopt;
mod apply;
mod attempt;
mod begin;
mod command;
mod commands;
mod contract;
mod error;
mod event;
mod extent;
mod failure;
mod fleet;
mod halfway;
mod history;
mod interrupt;
mod lock;
mod on_disk;
mod orphans;
mod outcome;
mod outside;
mod plan;
mod pooler;
mod program;
mod record;
mod refusal;
mod report;
mod run;
#[cfg(feature = "schemas")]
pub mod shapes;
mod sink;
mod squash;
mod standing;
mod statement;
mod watch;
mod watched;
mod wipe;
mod work;

use std::process::ExitCode;

use sea_orm_migration::MigratorTrait;

pub use ability::Ability;
pub use adopt::{Adoption, OldHistory, adopt};
pub use commands::{down, dry_run, fresh, refresh, reset, status, status_within, up};
pub use error::{RolledBack, RunnerError};
pub use event::{Direction, Done, Event, Planned, SqlFile};
pub use extent::Extent;
pub use failure::{Aftermath, Failure, Place};
pub use fleet::{Fleet, FleetError, Listed, Pace, Stopped, Tolerance};
pub use interrupt::{Interrupt, Interrupter, interrupt};
pub use lock::Holder;
pub(crate) use lock::runner_lock;
pub use outside::Halfway;
pub use plan::{plan, up_as_planned};
pub use pooler::Pooled;
pub use program::Program;
pub use refusal::Refusal;
pub use run::{Allow, Run, Settings, Target};
pub use sink::execute;
pub use squash::Squash;
pub use standing::{FailedTry, Standing, State, Status};
pub(crate) use statement::changes_of_rows;
pub use watch::{Blocker, Working};
pub use wipe::WIPE;

/// The arguments of the `migration` program, for completions and documentation.
pub fn command_line() -> clap::Command {
    command::command_line()
}

/// The whole of a `migration` binary: reads the command line, does what it says, prints, and returns
/// the exit code. `lock` is the text of `seachange.lock`.
pub fn main<M: MigratorTrait>(lock: &str) -> ExitCode {
    command::main(&Program::of::<M>(lock), std::env::args_os())
}

/// Runs an SQL file that lies beside the migration: `sql_file!(manager, "m…/up.sql").await`. The text
/// becomes part of the program; errors name the file and the line.
#[macro_export]
macro_rules! sql_file {
    ($manager:expr, $path:literal) => {
        $crate::runner::execute(
            $manager,
            ::core::file!(),
            $path,
            ::core::include_str!($path),
        )
    };
}
