//! What may stand on the command line.

use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use super::output::Format;
use crate::runner::contract::age;
use crate::runner::extent::Extent;
use crate::runner::run::{Allow, Settings, Target};

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

    /// Print the result as one JSON object.
    #[arg(long, global = true)]
    json: bool,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Command {
    /// Apply pending migrations (the default).
    Up(Up),
    /// Take the last applied migration back, or more.
    Down(Down),
    /// Show what is applied and what is pending.
    Status,
    /// Drop everything in the database, then apply all migrations.
    Fresh,
    /// Take all migrations back, then apply them again.
    Refresh,
    /// Take all migrations back.
    Reset,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct Up {
    #[command(flatten)]
    steps: Steps,
}

#[derive(Args, Clone, Debug)]
pub(super) struct Down {
    #[command(flatten)]
    steps: Steps,

    /// Take all of them back.
    #[arg(long, conflicts_with_all = ["steps", "to"])]
    all: bool,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct Steps {
    /// How many migrations.
    #[arg(short = 'n', long, visible_alias = "num", value_name = "N")]
    steps: Option<u32>,

    /// To which version: up until it is applied, down until it is the last one applied. Its beginning
    /// or its end will do.
    #[arg(long, value_name = "VERSION", conflicts_with = "steps")]
    to: Option<String>,

    /// Print the SQL that would run, and change nothing.
    #[arg(long)]
    dry_run: bool,
}

/// How much goes to the log.
#[derive(Clone, Copy, Debug)]
pub(super) enum Verbosity {
    Quiet,
    Verbose,
}

impl Arguments {
    pub(super) fn command(&self) -> Command {
        self.command.clone().unwrap_or(Command::Up(Up::default()))
    }

    /// None when no database is named.
    pub(super) fn target(&self) -> Option<Target> {
        let set = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let mut target = Target::new(set(&self.database_url)?);
        if let Some(schema) = set(&self.database_schema) {
            target.schema = schema;
        }
        Some(target)
    }

    pub(super) fn settings(&self) -> Settings {
        let flags = [
            (self.allow_out_of_order, Allow::OutOfOrder),
            (self.allow_edited, Allow::Edited),
            (self.allow_half_done, Allow::HalfDone),
            (self.contract, Allow::Contract),
            (self.allow_remote, Allow::Remote),
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

impl Command {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Up(_) => "up",
            Self::Down(_) => "down",
            Self::Status => "status",
            Self::Fresh => "fresh",
            Self::Refresh => "refresh",
            Self::Reset => "reset",
        }
    }

    pub(super) fn is_dry_run(&self) -> bool {
        match self {
            Self::Up(up) => up.steps.dry_run,
            Self::Down(down) => down.steps.dry_run,
            _ => false,
        }
    }

    /// Up goes all the way and down one step, unless told otherwise.
    pub(super) fn extent(&self) -> Extent {
        match self {
            Self::Up(up) => up.steps.extent().unwrap_or(Extent::All),
            Self::Down(down) if !down.all => down.steps.extent().unwrap_or(Extent::Steps(1)),
            _ => Extent::All,
        }
    }
}

impl Steps {
    fn extent(&self) -> Option<Extent> {
        let to = self.to.clone().map(Extent::To);
        to.or(self.steps.map(Extent::Steps))
    }
}

/// `m20260101_000000_name:3`, or the end of the version.
fn place(text: &str) -> Result<(String, u32), String> {
    let wrong = || "it reads VERSION:N, with the number of a statement".to_owned();
    let (version, number) = text.rsplit_once(':').ok_or_else(wrong)?;
    let number = number.parse().map_err(|_| wrong())?;
    match (version, number) {
        ("", _) | (_, 0) => Err(wrong()),
        _ => Ok((version.to_owned(), number)),
    }
}

/// `500ms`, `2s`, `2` (seconds), `5min`.
fn duration(text: &str) -> Result<Duration, String> {
    let split = text
        .find(|char: char| !char.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let millis = match unit.trim() {
        "ms" => 1,
        "" | "s" => 1000,
        "min" | "m" => 60_000,
        _ => return Err("a time is a number with `ms`, `s` or `min`".to_owned()),
    };
    let number: u64 = number
        .parse()
        .map_err(|_| "a time is a number with `ms`, `s` or `min`".to_owned())?;
    // PostgreSQL takes such times as 32-bit milliseconds.
    match number.checked_mul(millis) {
        Some(millis) if millis <= i32::MAX as u64 => Ok(Duration::from_millis(millis)),
        _ => Err("that is too long".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(line: &str) -> Arguments {
        let words = ["migration"].into_iter().chain(line.split_whitespace());
        Arguments::try_parse_from(words).unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    #[test]
    fn the_command_line_is_sound() {
        <Arguments as CommandFactory>::command().debug_assert();
    }

    #[test]
    fn as_sea_orm_cli_calls_it() {
        for (line, name, extent) in [
            ("", "up", Extent::All),
            ("up", "up", Extent::All),
            ("up -n 2", "up", Extent::Steps(2)),
            ("up -n 2 -v", "up", Extent::Steps(2)),
            ("down -n 1", "down", Extent::Steps(1)),
            ("down", "down", Extent::Steps(1)),
            ("down --all", "down", Extent::All),
            ("down --to m1", "down", Extent::To("m1".to_owned())),
            ("up --num 3", "up", Extent::Steps(3)),
            ("status -v", "status", Extent::All),
            ("fresh", "fresh", Extent::All),
            ("refresh", "refresh", Extent::All),
            ("reset", "reset", Extent::All),
        ] {
            let command = parse(line).command();
            assert_eq!((command.name(), command.extent()), (name, extent), "{line}");
        }
    }

    #[test]
    fn flags_may_stand_before_and_behind() {
        for line in [
            "-u postgres://x/y -s app up --json",
            "up --json --database-url postgres://x/y --database-schema app",
        ] {
            let arguments = parse(line);
            let target = arguments.target().unwrap();
            assert_eq!(
                (target.url.as_str(), target.schema.as_str()),
                ("postgres://x/y", "app")
            );
            assert!(matches!(arguments.format(), Format::Json));
        }
    }

    #[test]
    fn where_to_go_on_is_read() {
        let settings = parse("up --resume-at add_fax:3 --no-wait").settings();
        assert_eq!(settings.resume_at("m20260101_000000_add_fax"), Some(3));
        assert_eq!(settings.resume_at("m20260101_000000_add_phone"), None);
        assert_eq!(settings.lock_wait, Duration::ZERO);
        for wrong in ["", "a", "a:", ":1", "a:0", "a:b"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_are_read() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2"), Ok(Duration::from_secs(2)));
        assert_eq!(duration("3min"), Ok(Duration::from_secs(180)));
        for wrong in ["", "s", "2h", "-1s", "99999999min"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
