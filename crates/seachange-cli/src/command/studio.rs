//! `studio`: the database in the browser, until Ctrl-C.

mod apply;
mod historian;

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use seachange_studio::history::{self, Questions};
use seachange_studio::{Access, Running, Settings, start};
use serde::Serialize;
use tempfile::NamedTempFile;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::Format;
use historian::Historian;

/// Browse and edit the database in the browser
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The loopback port; by default a free one
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// Print the link, and leave it to you to open it
    #[arg(long)]
    no_open: bool,
    /// Change nothing; by default so where the database is on another machine
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    read_only: Option<bool>,
    /// The database role to work as, one that the URL's user is a member of
    #[arg(long, value_name = "ROLE", env = "SEACHANGE_STUDIO_ROLE")]
    role: Option<String>,
    /// The seconds that a statement of a page may take
    #[arg(long, value_name = "N", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=3600))]
    statement_timeout: u64,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Opened<'a> {
    link: &'a str,
    read_only: bool,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let target = context.announced_target().await?;
    let access = match args.read_only.unwrap_or(!target.local) {
        true => Access::ReadOnly,
        false => Access::ReadWrite,
    };
    let mut settings = Settings::new(target.url.clone(), target.name.clone(), access);
    settings.port = args.port;
    settings.role = args.role;
    settings.statement_timeout = Duration::from_secs(args.statement_timeout);
    let (history, questions) = history::channel();
    settings.history = Some(history);
    let running = start(settings).await?;
    // Ctrl-C is how it ends, and ends well.
    let _runs = context.child_runs();

    let link = running.link();
    match context.terminal.format() {
        Format::Json => context.terminal.json(&Opened {
            link: &link,
            read_only: access == Access::ReadOnly,
        })?,
        Format::Text => context.terminal.result(&format!("{link}\n"))?,
    }
    let asks = std::io::stdin().is_terminal();
    context.terminal.note(match asks {
        true => "the link opens the studio once; Enter prints another, Ctrl-C stops it",
        false => "the link opens the studio once; Ctrl-C stops it",
    });
    let shown = match args.no_open {
        true => None,
        false => show(context, &running),
    };
    let historian = Historian::new(context, &target);
    until_stopped(context, &running, &historian, questions, asks).await?;
    drop(shown);
    running.stop().await;
    Ok(Exit::Done)
}

/// Opens the browser by a file that only this user can read: what stands on a command line, every user of the machine
/// can. The file goes when the value is dropped.
fn show(context: &Context, running: &Running) -> Option<NamedTempFile> {
    let opened = || -> std::io::Result<NamedTempFile> {
        let mut file = tempfile::Builder::new()
            .prefix("seachange-studio-")
            .suffix(".html")
            .tempfile()?;
        let link = running.link();
        write!(
            file,
            "<!DOCTYPE html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url={link}\">"
        )?;
        file.flush()?;
        open::that_detached(file.path())?;
        Ok(file)
    };
    match opened() {
        Ok(file) => Some(file),
        Err(error) => {
            context.terminal.note(format!(
                "no browser could be opened ({error}): open the link yourself"
            ));
            None
        }
    }
}

/// Answers what the studio asks, and prints a link for each line that is typed. A run that goes on when it is to stop is
/// told so, and ends in its own way.
async fn until_stopped(
    context: &Context,
    running: &Running,
    historian: &Historian<'_>,
    mut questions: Questions,
    asks: bool,
) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::new("cannot wait for signals")
            .help("end it by closing its terminal; the machine has too few file descriptors")
            .because(&error)
    };
    let mut terminated = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupted = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut lines = asks.then(lines);
    let mut answers = FuturesUnordered::new();
    loop {
        let line = async {
            match &mut lines {
                Some(lines) => lines.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupted.recv() => break,
            _ = terminated.recv() => break,
            Some(question) = questions.recv() => answers.push(historian.answer(question)),
            Some(()) = answers.next() => {}
            line = line => match line {
                Some(()) => context.terminal.result(&format!("{}\n", running.link()))?,
                None => lines = None,
            },
        }
    }
    while historian.interrupt() && answers.next().await.is_some() {}
    Ok(())
}

/// One for each line that is typed. The thread that reads them ends with the program.
fn lines() -> mpsc::UnboundedReceiver<()> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            if line.is_err() || sender.send(()).is_err() {
                return;
            }
        }
    });
    receiver
}
