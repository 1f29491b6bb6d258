//! `seed`: the fixtures, by the seed package's own program.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Target;
use crate::terminal::Format;
use crate::workspace;

/// Put the fixtures into the database
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Also into a database that is not on this machine
    #[arg(long)]
    allow_remote: bool,
    /// More for the seed program
    #[arg(last = true, value_name = "ARGUMENTS")]
    more: Vec<String>,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let target = context.target().await?;
    local(&target, &args)?;
    let program = workspace::build(context, context.project.seed).await?;
    let mut words = Vec::new();
    words.extend(args.allow_remote.then(|| "--allow-remote".to_owned()));
    words.extend((context.terminal.format() == Format::Json).then(|| "--json".to_owned()));
    words.extend(args.more);
    workspace::run(context, &program, &words, &target).await
}

fn local(target: &Target, args: &Args) -> Result<(), Failure> {
    if target.local || args.allow_remote {
        return Ok(());
    }
    Err(Failure::refused(
        format!("{} is not on this machine", target.described()),
        vec!["--allow-remote".to_owned()],
    ))
}
