//! `url`: the database's URL, for other programs.

use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Origin;
use crate::terminal::Format;

/// Print the database's URL, its password included, and nothing else
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Through the local server's Unix socket, without a password
    #[arg(long)]
    socket: bool,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Url<'a> {
    url: &'a str,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let target = context.target().await?;
    let url = match &target.origin {
        Origin::Managed(_) if args.socket => target.url,
        Origin::Managed(server) => server.url(&target.name),
        origin if args.socket => {
            return Err(Failure::usage(format!(
                "--socket is for the local server, but {origin} names another database"
            ))
            .help("leave `--socket` out, or let nothing name a database"));
        }
        _ => target.url,
    };
    match context.terminal.format() {
        Format::Json => context.terminal.json(&Url { url: &url })?,
        Format::Text => context.terminal.result(&format!("{url}\n"))?,
    }
    Ok(Exit::Done)
}
