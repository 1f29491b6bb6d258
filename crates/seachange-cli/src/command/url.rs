//! `url`: the database's URL, for other programs.

use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::Format;

/// Print the database's URL, its password included, and nothing else
#[derive(clap::Args)]
pub(crate) struct Args {}

#[derive(Serialize)]
struct Url<'a> {
    url: &'a str,
}

pub(crate) async fn run(context: &Context, _: Args) -> Result<Exit, Failure> {
    let target = context.target().await?;
    match context.terminal.format() {
        Format::Json => context.terminal.json(&Url { url: &target.url })?,
        Format::Text => context.terminal.result(&format!("{}\n", target.url))?,
    }
    Ok(Exit::Done)
}
