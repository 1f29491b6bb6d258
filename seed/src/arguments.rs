//! What the program is asked to do.

use clap::Parser;
use seachange::sample::Share;

use crate::volume::Profile;

/// Puts CohortFlow's rows into a database: the fixtures (the staff, ten applicants, a program, and their
/// applications, files, reviews, comments and audit log), or as many as a profile makes. Run it again, and
/// the rows are the same.
#[derive(Parser)]
#[command(name = "seed", version)]
pub(crate) struct Arguments {
    /// The database; else DATABASE_URL from the environment or from `.env`
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,

    /// Rows of this kind instead of the fixtures; the tables have to be empty
    #[arg(long, value_enum)]
    pub(crate) profile: Option<Profile>,

    /// How many applicants a profile has: 50 for demo, 1000 for load
    #[arg(long, value_name = "N", requires = "profile", value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(crate) scale: Option<u64>,

    /// Another number makes other rows
    #[arg(long, value_name = "N", requires = "profile", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Empty the tables first, in the same transaction; local databases only
    #[arg(long)]
    pub(crate) truncate: bool,

    /// Rows of another database instead, masked: a share of each table and what those rows refer to. The
    /// tables have to be empty, and the other database is only read. SEACHANGE_MASK_KEY, 64 hexadecimal digits,
    /// makes the masks the same each time
    #[arg(long, value_name = "URL", conflicts_with_all = ["profile", "truncate", "dry_run"])]
    pub(crate) from_database: Option<String>,

    /// How much of it
    #[arg(
        long,
        value_name = "PERCENT",
        requires = "from_database",
        default_value = "1%"
    )]
    pub(crate) sample: Share,

    /// Say what would be loaded, and load nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Seed a database on another machine as well
    #[arg(long)]
    pub(crate) allow_remote: bool,

    /// Print the counts as JSON
    #[arg(long)]
    pub(crate) json: bool,
}
