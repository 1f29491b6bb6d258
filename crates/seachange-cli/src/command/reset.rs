//! `reset`: a local database from nothing: dropped, created, migrated, seeded; or databases for tests.

pub(super) mod empty;
pub(super) mod test;

use std::time::Instant;

use seachange::connection;
use seachange::testing::Content;
use serde::Serialize;
use serde_json::Value;
use sqlx::Connection;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::standing::{self, Allowed};
use crate::tables::{self, Rows};
use crate::target::{Shown, Target};
use crate::terminal::{Format, Question};
use crate::workspace;

/// Drop a local database and make it anew: migrations, then fixtures
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Leave it without fixtures
    #[arg(long)]
    no_seed: bool,
    /// Do not ask, though the database holds tables
    #[arg(long, short)]
    yes: bool,
    /// Make a database for tests instead, on the throwaway server or the one that
    /// `SEACHANGE_TEST_URL` names, and print its URL, its password included, and nothing else
    #[arg(long)]
    test: bool,
    /// So many of them, a URL a line: one for each job that runs at once
    #[arg(long, value_name = "N", requires = "test", value_parser = clap::value_parser!(u16).range(1..=999))]
    jobs: Option<u16>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report {
    target: Shown,
    /// What the migration program printed.
    migrate: Value,
    /// What the seed program printed.
    seed: Value,
    tables: Vec<Rows>,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    if args.test {
        let content = match args.no_seed {
            true => Content::Migrated,
            false => Content::Seeded,
        };
        return test::run(context, content, args.jobs).await;
    }
    let begin = Instant::now();
    let target = context.announced_target().await?;
    if !target.local {
        return Err(Failure::refused(
            format!(
                "reset is for local databases, and {} is not on this machine",
                target.described()
            ),
            Vec::new(),
        )
        .help(
            "name a local database with `--database-url`, or none: then it is the workspace's own",
        ));
    }
    // Everything that can fail by itself comes before anything is lost.
    let found = empty::look(&target).await?;
    let folder = standing::of_empty(context)?;
    folder.make_ready(context, Allowed::default())?;
    if found.tables > 0 && !args.yes {
        consent(context, &target, found.tables)?;
    }
    let migration = workspace::build(context, context.project.migration).await?;
    let seed = match args.no_seed || !context.project.has_seed() {
        true => None,
        false => Some(workspace::build(context, context.project.seed).await?),
    };

    empty::make(&target, &found).await?;
    let mut words = vec!["up".to_owned()];
    words.extend(workspace::shared_words(context));
    let migrated = step(context, &migration, &words, &target).await?;
    let Step::Done(migrate) = migrated else {
        return migrated.end(context);
    };
    let seeded = match &seed {
        None => Step::Done(Value::Null),
        Some(seed) => {
            let json = context.terminal.format() == Format::Json;
            let words: Vec<String> = json.then(|| "--json".to_owned()).into_iter().collect();
            step(context, seed, &words, &target).await?
        }
    };
    let Step::Done(seed) = seeded else {
        return seeded.end(context);
    };

    let mut connection = connection::open(&target.url, "reset").await?;
    let tables = tables::rows(&mut connection).await?;
    // It was only to read.
    let _ = connection.close().await;
    match context.terminal.format() {
        Format::Json => context.terminal.json(&Report {
            target: target.shown(),
            migrate,
            seed,
            tables,
        })?,
        Format::Text => context.terminal.result(&format!(
            "{} is reset: {} tables, {} rows, in {:.1} s\n",
            target.name,
            tables.len(),
            tables.iter().filter_map(|rows| rows.rows).sum::<i64>(),
            begin.elapsed().as_secs_f32()
        ))?,
    }
    Ok(Exit::Done)
}

fn consent(context: &Context, target: &Target, tables: i64) -> Result<(), Failure> {
    let noun = if tables == 1 { "table" } else { "tables" };
    let what = format!("{} with {tables} {noun} and all its rows", target.name);
    context.terminal.consent(Question {
        text: &format!("drop {what}?"),
        refusal: &format!("reset drops {what}"),
        flags: vec!["--yes".to_owned()],
    })
}

/// How a program of the workspace ended.
enum Step {
    /// With what it printed, where that was JSON.
    Done(Value),
    Ended {
        exit: Exit,
        printed: Option<String>,
    },
}

async fn step(
    context: &Context,
    program: &std::path::Path,
    words: &[String],
    target: &Target,
) -> Result<Step, Failure> {
    if context.terminal.format() == Format::Text {
        return Ok(
            match workspace::run(context, program, words, target).await? {
                Exit::Done => Step::Done(Value::Null),
                exit => Step::Ended {
                    exit,
                    printed: None,
                },
            },
        );
    }
    let output = workspace::run_and_read(context, program, words, target).await?;
    Ok(match output.exit {
        Exit::Done => Step::Done(serde_json::from_str(&output.stdout).unwrap_or_default()),
        exit => Step::Ended {
            exit,
            printed: Some(output.stdout),
        },
    })
}

impl Step {
    /// The program said on stderr what failed, and in JSON on stdout.
    fn end(self, context: &Context) -> Result<Exit, Failure> {
        let Self::Ended { exit, printed } = self else {
            return Ok(Exit::Done);
        };
        if let Some(printed) = printed {
            context.terminal.result(&printed)?;
        }
        Ok(exit)
    }
}
