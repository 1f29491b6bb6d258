//! `docs`: the schema as Markdown with diagrams, for the repository.

mod folder;

use std::path::PathBuf;

use seachange::source::Source;
use seachange_studio::documentation;
use serde::Serialize;

use self::folder::Folder;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Write the schema as Markdown: an index with the diagram, and a page for each table
///
/// Only what differs is written. A file that an earlier run wrote and that no table needs any more is removed;
/// files of others are left alone.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The schema to write
    #[arg(value_name = "SRC", default_value = "migrations")]
    from: Source,
    /// The folder to write to; without it, `docs/schema` below the workspace's root
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write nothing, and exit with 2 when a file is stale
    #[arg(long)]
    check: bool,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report {
    from: String,
    folder: String,
    checked: bool,
    /// With `checked`, what would be written; else what was.
    written: Vec<String>,
    removed: Vec<String>,
    unchanged: usize,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let database = if args.from == Source::Database {
        Some(context.announced_target().await?.url)
    } else {
        None
    };
    let road = context.road(database);
    let outcome = road.schema(&args.from).await;
    let closed = road.close().await;
    let schema = outcome?;
    closed?;

    let pages = documentation::pages(&schema, context.project.name);
    let path = match &args.out {
        Some(out) => out.clone(),
        None => context.project.root.join("docs/schema"),
    };
    let folder = Folder::compare(path, pages)?;
    let named = |paths: &[String]| -> Vec<String> {
        (paths.iter())
            .map(|path| context.relative(&folder.path.join(path)))
            .collect()
    };
    let report = Report {
        from: args.from.to_string(),
        folder: context.relative(&folder.path),
        checked: args.check,
        written: named(&folder.stale),
        removed: named(&folder.superfluous),
        unchanged: folder.unchanged,
    };
    if !args.check {
        folder.write()?;
    }
    say(context, &report)?;
    let stale = !report.written.is_empty() || !report.removed.is_empty();
    Ok(match args.check && stale {
        true => Exit::Different,
        false => Exit::Done,
    })
}

fn say(context: &Context, report: &Report) -> Result<(), Failure> {
    if context.terminal.is_json() {
        return context.terminal.json(report);
    }
    let (wrote, removed) = match report.checked {
        true => ("stale", "superfluous"),
        false => ("wrote", "removed"),
    };
    let lines = report
        .written
        .iter()
        .map(|path| format!("{wrote} {path}\n"));
    let gone = report
        .removed
        .iter()
        .map(|path| format!("{removed} {path}\n"));
    let text = String::from_iter(lines.chain(gone));
    if text.is_empty() {
        let (folder, from) = (&report.folder, &report.from);
        context
            .terminal
            .note(format!("{folder} is what {from} say{}", plural(from)));
    } else if report.checked {
        context.terminal.result(&text)?;
        context
            .terminal
            .note("run `db docs` with the same arguments but `--check`");
    } else {
        context.terminal.result(&text)?;
    }
    Ok(())
}

/// `migrations say`, `database says`.
fn plural(from: &str) -> &'static str {
    match from {
        "migrations" | "entities" => "",
        _ => "s",
    }
}
