//! `seed`: the fixtures or a profile's rows, by the seed package's own program.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Target;
use crate::terminal::{Format, Question};
use crate::workspace;

/// Put the fixtures, or a profile's rows, into the database
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Rows of this kind instead of the fixtures: those that the seed package knows
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// How large the profile is
    #[arg(long, value_name = "N", requires = "profile")]
    scale: Option<u64>,
    /// Another number makes other rows
    #[arg(long, value_name = "N", requires = "profile")]
    seed: Option<u64>,
    /// Empty the tables first; local databases only
    #[arg(long)]
    truncate: bool,
    /// Empty them without asking
    #[arg(long, short, requires = "truncate")]
    yes: bool,
    /// Rows of another database instead, masked, into empty tables; it is only read there
    #[arg(long, value_name = "URL", conflicts_with_all = ["profile", "truncate", "dry_run"])]
    from_database: Option<String>,
    /// How much of it: 1% if nothing is said
    #[arg(long, value_name = "PERCENT", requires = "from_database")]
    sample: Option<String>,
    /// Say what would be loaded, and load nothing
    #[arg(long)]
    dry_run: bool,
    /// Also into a database that is not on this machine
    #[arg(long)]
    allow_remote: bool,
    /// More for the seed program
    #[arg(last = true, value_name = "ARGUMENTS")]
    more: Vec<String>,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let package = context.project.seed;
    if !context.project.has_seed() {
        return Err(
            Failure::new(format!("this workspace has no package `{package}` to fill a database"))
                .help(format!(
                    "make one whose program writes into DATABASE_URL, in the folder `{package}`, or name another in xtask's `Project`"
                )),
        );
    }
    let target = context.target().await?;
    local(&target, &args)?;
    if args.truncate && !args.dry_run && !args.yes {
        context.terminal.consent(Question {
            text: &format!("empty the seeded tables of {}?", target.described()),
            refusal: &format!(
                "the seeded tables of {} are emptied first",
                target.described()
            ),
            flags: vec!["--yes".to_owned()],
        })?;
    }
    let program = workspace::build(context, package).await?;
    workspace::run(context, &program, &words(context, args), &target).await
}

/// What the program is told: the same words, for it has the same flags.
fn words(context: &Context, args: Args) -> Vec<String> {
    let mut words = Vec::new();
    let mut flag = |name: &str, given: bool| words.extend(given.then(|| format!("--{name}")));
    flag("allow-remote", args.allow_remote);
    flag("truncate", args.truncate);
    flag("dry-run", args.dry_run);
    flag("json", context.terminal.format() == Format::Json);
    let numbers = [("scale", args.scale), ("seed", args.seed)];
    let numbers = numbers.map(|(name, number)| (name, number.map(|number| number.to_string())));
    let texts = [
        ("profile", args.profile),
        ("from-database", args.from_database),
        ("sample", args.sample),
    ];
    for (name, value) in texts.into_iter().chain(numbers) {
        words.extend(value.map(|value| format!("--{name}={value}")));
    }
    words.extend(args.more);
    words
}

fn local(target: &Target, args: &Args) -> Result<(), Failure> {
    if target.local {
        return Ok(());
    }
    if args.truncate {
        return Err(Failure::refused(
            format!(
                "{} is not on this machine, and only local databases are emptied",
                target.described()
            ),
            Vec::new(),
        )
        .help("empty its tables by hand, if that is meant, and leave `--truncate` out"));
    }
    if args.allow_remote {
        return Ok(());
    }
    Err(Failure::refused(
        format!("{} is not on this machine", target.described()),
        vec!["--allow-remote".to_owned()],
    ))
}
