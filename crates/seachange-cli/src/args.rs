//! The arguments: what stands before a command's own, and how a line is read.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use seachange::telemetry::{LOG_FORMAT, LogFormat, SUMMARY};

use crate::command;
use crate::project::Extra;
use crate::{examples, reference};

/// What the program is called, and cargo's alias for it.
pub(crate) const NAME: &str = "xtask";

/// The workspace's own commands.
#[derive(Parser)]
#[command(
    name = NAME,
    bin_name = "cargo xtask",
    version,
    arg_required_else_help = true
)]
pub(crate) struct Line {
    #[command(subcommand)]
    pub(crate) command: Top,
}

#[derive(Subcommand)]
pub(crate) enum Top {
    Db(Db),
    Corpus(Corpus),
    Completions(command::completions::Args),
    Man(command::man::Args),
}

/// The database: its schema, its migrations, its data, and the server that it runs on.
#[derive(Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Db {
    #[command(flatten)]
    pub(crate) options: Options,
    #[command(subcommand)]
    pub(crate) command: command::Command,
}

/// Run every {setup,old,new}.sql below a folder through the engine, both ways
#[derive(Args)]
pub(crate) struct Corpus {
    #[command(flatten)]
    pub(crate) options: Options,
    #[command(flatten)]
    pub(crate) args: command::corpus::Args,
}

/// What every command understands.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Options {
    /// The database to work on; else `DATABASE_URL` of the environment, else of `.env`, else a local
    /// server that is started when it is needed
    #[arg(long, value_name = "URL", global = true)]
    pub(crate) database_url: Option<String>,
    /// The folder of PostgreSQL's programs for local servers [env: SEACHANGE_PG_BIN]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) server_bin: Option<PathBuf>,
    /// One JSON object on stdout, and nothing else there
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// When to colour
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: Color,
    /// Words in the place of signs, frames and lines that are written over, for readers of screens
    /// [env: SEACHANGE_PLAIN]
    #[arg(long, global = true)]
    pub(crate) plain: bool,
    /// What lines on stderr look like
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        env = LOG_FORMAT,
        hide_env_values = true,
        global = true
    )]
    pub(crate) log_format: LogFormat,
    /// Where a summary of the run is written, as JSON: how it ended, and how long each phase took
    #[arg(long, value_name = "FILE", env = SUMMARY, hide_env_values = true, global = true)]
    pub(crate) summary: Option<PathBuf>,
    /// More about what is being done, on stderr; twice for everything
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    Always,
    Never,
}

/// `db:push` is `db push`.
pub(crate) fn split_colons(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut split = Vec::new();
    for (at, argument) in arguments.enumerate() {
        match argument.to_str().and_then(|text| text.strip_prefix("db:")) {
            Some(command) if at == 1 => split.extend(["db".into(), command.into()]),
            _ => split.push(argument),
        }
    }
    split
}

/// What `--color` says in arguments that make no sense as a whole.
pub(crate) fn color_of(arguments: impl Iterator<Item = OsString>) -> Color {
    let words: Vec<String> = arguments
        .filter_map(|word| word.into_string().ok())
        .collect();
    let joined = words.iter().find_map(|word| word.strip_prefix("--color="));
    let apart = words.windows(2).find(|pair| pair[0] == "--color");
    joined
        .or(apart.map(|pair| pair[1].as_str()))
        .and_then(|word| Color::from_str(word, false).ok())
        .unwrap_or_default()
}

pub(crate) fn parse(arguments: Vec<OsString>, extras: &[Extra]) -> Result<Line, clap::Error> {
    Line::from_arg_matches(&definition(extras).try_get_matches_from(arguments)?)
}

/// Every command, those of the workspace alone among them.
pub(crate) fn definition(extras: &[Extra]) -> clap::Command {
    let line = Line::command().mut_subcommand("db", |db| {
        db.after_long_help(reference::text(&[]))
            .mut_subcommands(|command| {
                let examples = examples::of(command.get_name());
                command.after_long_help(reference::text(examples))
            })
    });
    extras.iter().fold(line, |line, extra| {
        line.subcommand(clap::Command::new(extra.name).about(extra.about))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> String {
        let words = split_colons(line.split(' ').map(OsString::from));
        words
            .iter()
            .filter_map(|word| word.to_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn the_definition_holds() {
        definition(&[]).debug_assert();
    }

    #[test]
    fn a_colon_is_a_space_in_the_first_word_only() {
        assert_eq!(split("xtask db:push --yes"), "xtask db push --yes");
        assert_eq!(split("xtask db push --x db:y"), "xtask db push --x db:y");
        assert_eq!(split("xtask test"), "xtask test");
    }
}
