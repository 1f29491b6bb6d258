//! What may stand on the command line.

mod backup;
mod commands;
mod fleet;
mod review;
mod values;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

pub(super) use self::commands::Command;
use self::commands::Up;
pub(super) use self::fleet::Fleets;
use self::values::{duration, place};
use super::output::Format;
use crate::runner::contract::age;
use crate::runner::run::{Allow, Settings, Target};
use crate::telemetry::{LOG_FORMAT, LogFormat, SUMMARY};

/// Applies this database's migrations, and takes them back.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 done, 1 failure, 3 refused, 64 bad usage, 130 interrupted."
)]
pub(super) struct Arguments {
    /// Show what goes on inside.
    #[arg(short, long, global = true)]
    verbose: bool,

    /// What lines on stderr look like.
    #[arg(
        long,
        global = true,
        env = LOG_FORMAT,
        value_enum,
        default_value_t,
        value_name = "FORMAT"
    )]
    pub(super) log_format: LogFormat,

    /// Where a summary of the run is written, as JSON: how it ended, and how long each phase took.
    #[arg(long, global = true, env = SUMMARY, value_name = "FILE")]
    pub(super) summary: Option<PathBuf>,

    /// The schema that the migrations run in.
    #[arg(
        short = 's',
        long,
        global = true,
        env = "DATABASE_SCHEMA",
        value_name = "SCHEMA"
    )]
    database_schema: Option<String>,

    /// The database.
    #[arg(
        short = 'u',
        long,
        global = true,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    database_url: Option<String>,

    /// How long to wait for another runner, such as `30s` or `2min`.
    #[arg(
        long,
        global = true,
        env = "SEACHANGE_LOCK_WAIT",
        default_value = "60s",
        value_name = "TIME",
        value_parser = duration
    )]
    lock_wait: Duration,

    /// How long a statement may wait for a lock on a table, such as `500ms`; 0 for ever.
    #[arg(
        long,
        global = true,
        env = "SEACHANGE_LOCK_TIMEOUT",
        default_value = "2s",
        value_name = "TIME",
        value_parser = duration
    )]
    lock_timeout: Duration,

    /// Fail at once when another runner has the lock, instead of waiting for it.
    #[arg(long, global = true)]
    no_wait: bool,

    /// How long a statement may take that keeps others waiting while it works, such as ALTER TABLE; 0 for any
    /// time. CONCURRENTLY, VALIDATE CONSTRAINT and changes of rows take what they take.
    #[arg(
        long,
        global = true,
        env = "SEACHANGE_STATEMENT_TIMEOUT",
        default_value = "60s",
        value_name = "TIME",
        value_parser = duration
    )]
    statement_timeout: Duration,

    /// How often a migration, or outside a transaction a statement, is tried in all while a lock can't be had
    /// in time.
    #[arg(
        long,
        global = true,
        env = "SEACHANGE_TRIES",
        default_value_t = 5,
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    tries: u32,

    /// A backfill waits while a replica is behind by more than this; 0 never waits.
    #[arg(
        long,
        global = true,
        env = "SEACHANGE_MAX_REPLICATION_LAG",
        default_value = "10s",
        value_name = "TIME",
        value_parser = duration
    )]
    max_replication_lag: Duration,

    /// Go on with statement N of a migration that stands half-way outside a transaction, whatever its
    /// journal says.
    #[arg(long, global = true, value_name = "VERSION:N", value_parser = place)]
    resume_at: Vec<(String, u32)>,

    /// Leave a migration as it is that stands half-way outside a transaction.
    #[arg(long, global = true)]
    allow_half_done: bool,

    /// Apply migrations that are older than the newest one applied, and those of two branches.
    #[arg(long, global = true)]
    allow_out_of_order: bool,

    /// Go on although an applied migration was edited.
    #[arg(long, global = true)]
    allow_edited: bool,

    /// Apply also what is held back until no code needs what it takes away.
    #[arg(long, global = true)]
    contract: bool,

    /// Apply what is held back unasked once the migration before it was applied so long ago, such as `7d`.
    #[arg(
        long,
        global = true,
        env = "SEACHANGE_CONTRACT_AFTER",
        value_name = "TIME",
        value_parser = age
    )]
    contract_after: Option<Duration>,

    /// Let `fresh`, `refresh` and `reset` work on a database on another machine.
    #[arg(long, global = true)]
    allow_remote: bool,

    /// Go on without a lock on a server that has no advisory locks: nobody else may be migrating it.
    #[arg(long, global = true)]
    allow_no_lock: bool,

    /// Print the result as one JSON object.
    #[arg(long, global = true)]
    json: bool,

    #[command(subcommand)]
    command: Option<Command>,
}

/// How much goes to the log.
#[derive(Clone, Copy, Debug)]
pub(super) enum Verbosity {
    Quiet,
    Verbose,
}

impl Arguments {
    /// The flags that would change what a plan does, where there is a plan: what was reviewed holds them.
    pub(super) fn beside_the_plan(&self) -> Option<&'static str> {
        self.command.as_ref().and_then(Command::plan)?;
        [
            (self.allow_out_of_order, "--allow-out-of-order"),
            (self.allow_edited, "--allow-edited"),
            (self.allow_half_done, "--allow-half-done"),
            (self.contract, "--contract"),
            (!self.resume_at.is_empty(), "--resume-at"),
        ]
        .into_iter()
        .find_map(|(given, flag)| given.then_some(flag))
    }

    pub(super) fn command(&self) -> Command {
        self.command.clone().unwrap_or(Command::Up(Up::default()))
    }

    /// What can't be said of many targets at once, where a fleet is named.
    pub(super) fn beside_the_fleet(&self) -> Option<&'static str> {
        let command = self.command.as_ref()?;
        let fleets = command.fleets()?;
        let schemas = fleets.fleet_schemas.is_some();
        [
            (command.plan().is_some(), "--plan"),
            (command.plan_out().is_some(), "--plan-out"),
            (!self.resume_at.is_empty(), "--resume-at"),
            (schemas && command.backup().is_some(), "--backup"),
        ]
        .into_iter()
        .find_map(|(given, flag)| given.then_some(flag))
    }

    /// None when no database is named.
    pub(super) fn target(&self) -> Option<Target> {
        let url = self.database_url.clone().filter(|url| !url.is_empty())?;
        Some(Target {
            url,
            schema: self.schema(),
        })
    }

    pub(super) fn schema(&self) -> String {
        let schema = self.database_schema.clone();
        schema
            .filter(|schema| !schema.is_empty())
            .unwrap_or_else(|| "public".to_owned())
    }

    pub(super) fn settings(&self) -> Settings {
        let flags = [
            (self.allow_out_of_order, Allow::OutOfOrder),
            (self.allow_edited, Allow::Edited),
            (self.allow_half_done, Allow::HalfDone),
            (self.contract, Allow::Contract),
            (self.allow_remote, Allow::Remote),
            (self.allow_no_lock, Allow::NoLock),
        ];
        Settings {
            lock_wait: if self.no_wait {
                Duration::ZERO
            } else {
                self.lock_wait
            },
            lock_timeout: self.lock_timeout,
            statement_timeout: self.statement_timeout,
            tries: self.tries,
            max_replication_lag: self.max_replication_lag,
            resume_at: self.resume_at.iter().cloned().collect(),
            contract_after: self.contract_after,
            allow: flags
                .into_iter()
                .filter_map(|(given, what)| given.then_some(what))
                .collect(),
            backup: self.command.as_ref().and_then(Command::backup),
        }
    }

    pub(super) fn format(&self) -> Format {
        if self.json {
            Format::Json
        } else {
            Format::Text
        }
    }

    pub(super) fn verbosity(&self) -> Verbosity {
        if self.verbose {
            Verbosity::Verbose
        } else {
            Verbosity::Quiet
        }
    }
}
