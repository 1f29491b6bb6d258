//! What the program is asked to do.

use std::net::SocketAddr;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};

/// CohortFlow's HTTP API. `.env.example` lists the variables that it reads.
#[derive(Parser)]
#[command(
    name = "api",
    version,
    after_help = "Exit codes: 0 done, 1 failure, 64 usage or settings"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// How the log is written, to stderr
    #[arg(
        long,
        global = true,
        env = "COHORTFLOW_LOG_FORMAT",
        value_enum,
        default_value = "plain"
    )]
    pub(crate) log_format: LogFormat,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Answer requests until SIGTERM or SIGINT
    Serve {
        /// Where; port 0 takes one that is free, and says which
        #[arg(long, env = "COHORTFLOW_LISTEN", default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// The database; else DATABASE_URL from the environment or from `.env`
        #[arg(long, value_name = "URL")]
        database_url: Option<String>,
    },
    /// Print a token of a user that the database has, for operators and development
    Token {
        /// The user's
        email: String,
        /// How long it is good: 30min, 8h, 7d
        #[arg(long = "for", value_name = "TIME", default_value = "8h", value_parser = duration)]
        lasting: Duration,
        /// The database; else DATABASE_URL from the environment or from `.env`
        #[arg(long, value_name = "URL")]
        database_url: Option<String>,
    },
    /// Print the OpenAPI document
    Openapi,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Plain,
    Json,
}

fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "a time is a number with `s`, `min`, `h` or `d`, such as `8h`".to_owned();
    let unit = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
    let (number, unit) = text.split_at(unit);
    let seconds = match unit {
        "s" => 1,
        "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let total = number.checked_mul(seconds).filter(|total| *total > 0);
    total.map(Duration::from_secs).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_in_order() {
        Arguments::command().debug_assert();
        assert_eq!(duration("8h"), Ok(Duration::from_secs(28_800)));
        for wrong in ["8", "h", "0s", "-1h", "1w", "99999999999999999999d"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
