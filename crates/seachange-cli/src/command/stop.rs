//! `stop`: the workspace's own servers, the one for data and the throwaway one.

use seachange::server::{self, Role, Stopped};
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target;
use crate::terminal::Format;

/// Stop the workspace's own PostgreSQL; its data stay
#[derive(clap::Args)]
pub(crate) struct Args {}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report {
    /// The servers that ran.
    stopped: Vec<String>,
}

pub(crate) async fn run(context: &Context, _: Args) -> Result<Exit, Failure> {
    let mut stopped = Vec::new();
    for role in [Role::Development, Role::Throwaway] {
        let settings = context.server();
        if target::blocking(move || server::stop(&settings, role)).await? == Stopped::Stopped {
            stopped.push(role.to_string());
        }
    }
    match context.terminal.format() {
        Format::Json => context.terminal.json(&Report { stopped })?,
        Format::Text if stopped.is_empty() => context.terminal.result("no server was running\n")?,
        Format::Text => {
            let lines: String = stopped
                .iter()
                .map(|role| format!("stopped the {role} server\n"))
                .collect();
            context.terminal.result(&lines)?;
        }
    }
    Ok(Exit::Done)
}
