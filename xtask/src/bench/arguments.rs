//! The arguments of `bench`.

use std::ffi::OsString;

use clap::{Args, Parser};

/// Measure this workspace's commands
#[derive(Parser)]
#[command(name = "bench", bin_name = "cargo xtask bench")]
pub(super) enum Benchmark {
    Commands(Commands),
    Cold(Cold),
    Seed(Seed),
    Testdb(Testdb),
    Catalog(Catalog),
    Binary(Binary),
    Studio(Studio),
}

/// The commands beside drizzle-kit's, on the same schemas and the same PostgreSQL
#[derive(Args)]
pub(super) struct Commands {
    /// How many tables the schemas have
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        default_value = "10,100,1000",
        value_parser = clap::value_parser!(u16).range(2..=1000)
    )]
    pub(super) tables: Vec<u16>,
    /// How often each command is measured
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) runs: u16,
    /// Also measure, once, what takes minutes: drizzle-kit 0.31's push of more than 100 tables
    #[arg(long)]
    pub(super) full: bool,
    /// Measure programs built with --release
    #[arg(long)]
    pub(super) release: bool,
    /// An empty PostgreSQL server of yours, as its superuser; else one is started
    #[arg(long, value_name = "URL")]
    pub(super) server: Option<url::Url>,
    /// Measure drizzle-kit alone
    #[arg(long)]
    pub(super) only_drizzle: bool,
}

/// The first `db reset` in a fresh clone of HEAD: everything is built, and a server is made
#[derive(Args)]
pub(super) struct Cold {
    /// Leave the clone where it is
    #[arg(long)]
    pub(super) keep: bool,
}

/// Rows loaded by `seachange::seed`, beside psql's COPY of the same rows from files
#[derive(Args)]
pub(super) struct Seed {
    /// Parents
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub(super) users: u64,
    /// Children
    #[arg(long, value_name = "N", default_value_t = 500_000)]
    pub(super) comments: u64,
    /// How often each is measured
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) runs: u16,
    /// Measure a program built without --release
    #[arg(long)]
    pub(super) dev: bool,
}

/// Test databases beside bare CREATE DATABASE and DROP DATABASE of the same template, and beside
/// sqlx::test's way: create, then run each migration
#[derive(Args)]
pub(super) struct Testdb {
    /// How often each is measured
    #[arg(long, value_name = "N", default_value_t = 9, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) runs: u16,
    /// How many databases a thread makes in one measurement
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) databases: u16,
    /// How many are made with 8 threads in the end, to see that nothing is left behind
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub(super) many: u16,
}

/// A database's schema read and compared, beside `pg_dump -s` of the same database
#[derive(Args)]
pub(super) struct Catalog {
    /// How many tables the databases have
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        default_value = "10,100,1000,5000",
        value_parser = clap::value_parser!(u16).range(1..=10_000)
    )]
    pub(super) tables: Vec<u16>,
    /// How often each is measured
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) runs: u16,
}

/// The `migration` program built with --release: its size, and how long it takes to start
#[derive(Args)]
pub(super) struct Binary {
    /// How often each is measured
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) runs: u16,
}

/// The studio's pages beside the bare SQL of each, or many users of it at once
#[derive(Args)]
pub(super) struct Studio {
    /// How many rows the table has [default: 1000,1000000,10000000; with --users 1000000]
    #[arg(long, value_name = "N,…", value_delimiter = ',', value_parser = clap::value_parser!(u64).range(100..))]
    pub(super) rows: Vec<u64>,
    /// How often each page is asked for
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) requests: u16,
    /// Instead, so many users at once, each with a link of its own: no error, and memory stays flat
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(super) users: Option<u16>,
    /// The seconds that they are there
    #[arg(long = "for", value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u16).range(30..))]
    pub(super) seconds: u16,
    /// Measure a studio built with --release
    #[arg(long)]
    pub(super) release: bool,
}

pub(super) fn parse(arguments: Vec<OsString>) -> Result<Benchmark, clap::Error> {
    Benchmark::try_parse_from(std::iter::once("bench".into()).chain(arguments))
}
