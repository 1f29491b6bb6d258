//! `rollback`: takes applied migrations back, by the migration package's own program.

use crate::backups::Backups;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fleet::{self, Fleet};
use crate::standing::{self, Standing};
use crate::target::Target;
use crate::terminal::Question;
use crate::workspace;

/// Take applied migrations back, the latest first
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Back until this one is the last that is applied
    #[arg(long, value_name = "VERSION", conflicts_with_all = ["steps", "all"])]
    to: Option<String>,
    /// So many of them
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "all")]
    steps: u32,
    /// All of them
    #[arg(long)]
    all: bool,
    /// Print the SQL that would run, and leave the database as it is
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    backups: Backups,
    #[command(flatten)]
    fleet: Fleet,
    /// Do not ask: rows and columns that came with a migration go with it
    #[arg(long, short)]
    yes: bool,
    /// Let `--yes` also speak for a database that is not on this machine, as those of a list may be
    #[arg(long)]
    allow_remote: bool,
    /// Go on although an applied migration was edited
    #[arg(long)]
    allow_edited: bool,
    /// More for the migration program, such as `--lock-wait 5min`
    #[arg(last = true, value_name = "ARGUMENTS")]
    more: Vec<String>,
}

pub(crate) async fn run(context: &Context, mut args: Args) -> Result<Exit, Failure> {
    if args.fleet.is_given() {
        if !args.dry_run {
            consent_to_all(context, &args).await?;
        }
        let fleet = std::mem::take(&mut args.fleet);
        return fleet::run(context, fleet, args.words(context)).await;
    }
    let target = context.target().await?;
    let standing = standing::read(context, &target).await?;
    if !args.dry_run {
        consent(context, &args, &target, &standing)?;
    }
    let program = workspace::build(context, context.project.migration).await?;
    workspace::run(context, &program, &args.words(context), &target).await
}

fn consent(
    context: &Context,
    args: &Args,
    target: &Target,
    standing: &Standing,
) -> Result<(), Failure> {
    let what = match args.what(&standing.applied()) {
        Some(what) => what,
        // Nothing is applied, so nothing can be lost.
        None => return Ok(()),
    };
    let on = target.described();
    asked(context, args, &format!("{what} on {on}"), target.local)
}

/// Once for all targets; how much is applied differs from one to the other. A list may name any machine.
async fn consent_to_all(context: &Context, args: &Args) -> Result<(), Failure> {
    let local = match args.fleet.is_of_one_database() {
        true => context.target().await?.local,
        false => false,
    };
    let what = match &args.to {
        Some(version) => format!("to `{version}`"),
        None if args.all => "all migrations".to_owned(),
        None if args.steps == 1 => "the last migration".to_owned(),
        None => format!("the last {} migrations", args.steps),
    };
    let on = args.fleet.described();
    asked(context, args, &format!("{what} on each of {on}"), local)
}

fn asked(context: &Context, args: &Args, what: &str, local: bool) -> Result<(), Failure> {
    if args.yes && (local || args.allow_remote) {
        return Ok(());
    }
    let mut flags = vec!["--yes".to_owned()];
    if !local {
        flags.push("--allow-remote".to_owned());
    }
    context.terminal.consent(Question {
        text: &format!("roll back {what}?"),
        refusal: &format!("rolling back {what} may lose data"),
        flags,
    })
}

impl Args {
    /// What would be taken back, in words.
    fn what(&self, applied: &[&str]) -> Option<String> {
        let listed = |count: usize| match count {
            0 => None,
            1..=3 => {
                let last: Vec<String> = applied
                    .iter()
                    .rev()
                    .take(count)
                    .map(|version| format!("`{version}`"))
                    .collect();
                Some(last.join(" and "))
            }
            count => Some(format!("{count} migrations")),
        };
        match &self.to {
            _ if applied.is_empty() => None,
            Some(version) => Some(format!("to `{version}`")),
            None if self.all => listed(applied.len()),
            None => listed(applied.len().min(self.steps as usize)),
        }
    }

    fn words(self, context: &Context) -> Vec<String> {
        let mut words = vec!["down".to_owned()];
        match self.to {
            Some(version) => words.extend(["--to".to_owned(), version]),
            None if self.all => words.push("--all".to_owned()),
            None => words.extend(["--steps".to_owned(), self.steps.to_string()]),
        }
        words.extend(self.dry_run.then(|| "--dry-run".to_owned()));
        words.extend(self.allow_edited.then(|| "--allow-edited".to_owned()));
        words.extend(self.backups.words(context));
        words.extend(workspace::shared_words(context));
        words.extend(self.more);
        words
    }
}
