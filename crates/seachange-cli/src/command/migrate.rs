//! `migrate`: applies pending migrations, by the migration package's own program.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::standing::{self, Allowed};
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
    /// Also what is held back until no code needs what it takes away
    #[arg(long)]
    contract: bool,
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

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let target = context.target().await?;
    let standing = standing::read(context, &target).await?;
    standing.make_ready(
        context,
        Allowed {
            out_of_order: args.allow_out_of_order,
            edited: args.allow_edited,
        },
    )?;
    let program = workspace::build(context, context.project.migration).await?;
    workspace::run(context, &program, &args.words(context), &target).await
}

impl Args {
    fn words(self, context: &Context) -> Vec<String> {
        let mut words = vec!["up".to_owned()];
        for (name, value) in [
            ("--to", self.to),
            ("--steps", self.steps.map(|steps| steps.to_string())),
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
        words.extend(workspace::shared_words(context));
        words.extend(self.more);
        words
    }
}
