//! `migrate`: applies pending migrations, by the migration package's own program.

pub(super) mod check;
mod waits;

use std::path::PathBuf;

use crate::backups::Backups;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fleet::{self, Fleet};
use crate::standing::{self, Allowed, Standing};
use crate::workspace;

/// Apply pending migrations
#[derive(clap::Args, Default)]
pub(crate) struct Args {
    /// Up to and with this one; the beginning or the end of its version will do
    #[arg(long, value_name = "VERSION", conflicts_with = "steps")]
    to: Option<String>,
    /// So many of them
    #[arg(long, value_name = "N")]
    steps: Option<u32>,
    /// Print the SQL that would run, and leave the database as it is
    #[arg(long)]
    dry_run: bool,
    /// Ask the rows that are there, reading only, whether what is pending would fail on them
    #[arg(long, conflicts_with_all = ["steps", "dry_run", "backup", "plan_out", "plan", "targets"])]
    check: bool,
    /// Also what is held back until no code needs what it takes away
    #[arg(long)]
    contract: bool,
    #[command(flatten)]
    backups: Backups,
    #[command(flatten)]
    fleet: Fleet,
    /// Write down what would be done, for review, and leave the database as it is
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "backup"])]
    plan_out: Option<PathBuf>,
    /// Do what was written down and reviewed, and nothing else; refused when anything is another since
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "to", "steps", "dry_run", "plan_out", "contract", "allow_out_of_order", "allow_edited",
    ])]
    plan: Option<PathBuf>,
    /// Also those that are older than the newest one applied, and those of two branches
    #[arg(long)]
    allow_out_of_order: bool,
    /// Go on although an applied migration was edited
    #[arg(long)]
    allow_edited: bool,
    /// More for the migration program, such as `--lock-wait 5min`
    #[arg(last = true, value_name = "ARGUMENTS")]
    more: Vec<String>,
}

pub(crate) async fn run(context: &Context, mut args: Args) -> Result<Exit, Failure> {
    if args.fleet.is_given() {
        let fleet = std::mem::take(&mut args.fleet);
        return fleet::run(context, fleet, args.words(context)).await;
    }
    let target = context.target().await?;
    let standing = standing::read(context, &target).await?;
    // What was reviewed is not made ready anew: it is as it was, or it is refused.
    if args.plan.is_none() {
        standing.make_ready(
            context,
            Allowed {
                out_of_order: args.allow_out_of_order,
                edited: args.allow_edited,
            },
        )?;
    }
    if args.check {
        let pending = pending(&standing, args.to.as_deref())?;
        return check::run(context, &target, &standing, pending).await;
    }
    let program = workspace::build(context, context.project.migration).await?;
    if args.dry_run && !context.terminal.is_json() {
        // A version that is not pending is the program's to speak of.
        let mut pending = pending(&standing, args.to.as_deref()).unwrap_or_default();
        pending.truncate(args.steps.map_or(usize::MAX, |steps| steps as usize));
        waits::tell(context, &pending).await?;
    }
    workspace::run(context, &program, &args.words(context), &target).await
}

/// The versions that would be applied, up to and with the one that is meant.
fn pending(standing: &Standing, to: Option<&str>) -> Result<Vec<String>, Failure> {
    let all: Vec<&str> = (standing.status.migrations.iter())
        .filter(|one| !one.is_in_effect())
        .map(|one| one.version.as_str())
        .collect();
    let Some(to) = to else {
        return Ok(all.into_iter().map(str::to_owned).collect());
    };
    let meant = all
        .iter()
        .position(|version| version.starts_with(to) || version.ends_with(to));
    match meant {
        Some(last) => Ok(all[..=last]
            .iter()
            .map(|version| (*version).to_owned())
            .collect()),
        None => Err(
            Failure::usage(format!("no pending migration is called `{to}`"))
                .help("`status` lists them; the beginning or the end of a version will do"),
        ),
    }
}

impl Args {
    fn words(self, context: &Context) -> Vec<String> {
        let mut words = vec!["up".to_owned()];
        for (name, value) in [
            ("--to", self.to),
            ("--steps", self.steps.map(|steps| steps.to_string())),
            ("--plan-out", self.plan_out.map(workspace::path_word)),
            ("--plan", self.plan.map(workspace::path_word)),
        ] {
            words.extend(value.into_iter().flat_map(|value| [name.to_owned(), value]));
        }
        for (name, given) in [
            ("--dry-run", self.dry_run),
            ("--contract", self.contract),
            ("--allow-out-of-order", self.allow_out_of_order),
            ("--allow-edited", self.allow_edited),
        ] {
            words.extend(given.then(|| name.to_owned()));
        }
        words.extend(self.backups.words(context));
        words.extend(workspace::shared_words(context));
        words.extend(self.more);
        words
    }
}
