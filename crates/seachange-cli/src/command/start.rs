//! `start`: the workspace's own PostgreSQL.

use seachange::server::{Role, Server, version_text};
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target;
use crate::terminal::{Format, style};

/// Start the workspace's own PostgreSQL, unless it runs
#[derive(clap::Args)]
pub(crate) struct Args {}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Started {
    postgresql: String,
    pid: u32,
    port: u16,
    data: String,
    freshly_started: bool,
}

pub(crate) async fn run(context: &Context, _: Args) -> Result<Exit, Failure> {
    let server = target::ensure_server(context, Role::Development).await?;
    match context.terminal.format() {
        Format::Json => context.terminal.json(&started(&server))?,
        Format::Text => context.terminal.result(&format!(
            "PostgreSQL {} runs on port {} (process {}), its data are in {}\n",
            version_text(server.version()),
            server.port(),
            server.pid(),
            server.data().display()
        ))?,
    }
    // A broken URL elsewhere does not concern the server.
    if let Ok(Some(other)) = target::named(context) {
        let warning = style::WARNING;
        context.terminal.note(format!(
            "{warning}note:{warning:#} the commands work on another database: {}",
            other.described()
        ));
    }
    Ok(Exit::Done)
}

fn started(server: &Server) -> Started {
    Started {
        postgresql: version_text(server.version()),
        pid: server.pid(),
        port: server.port(),
        data: server.data().display().to_string(),
        freshly_started: server.freshly_started,
    }
}
