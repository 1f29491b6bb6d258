//! `pull`: writes entities, and the SQL beside them, from a database.

use std::path::PathBuf;

use seachange::pull::{self, Existing, Note, PullError, Pulled, Selection};
use seachange::source::{Road, Source};
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Write SeaORM entities from a database, and the SQL for what entities can't say, proven to give that
/// schema again
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The schema to write
    #[arg(long, value_name = "SRC", default_value = "database")]
    from: Source,
    /// The folder to write below, in `src` and `sql`; without it, the entity package's
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// These tables only, and what they need: `users,audit.log`
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        conflicts_with = "schema"
    )]
    tables: Vec<String>,
    /// This PostgreSQL schema only, and what it needs
    #[arg(long, value_name = "NAME")]
    schema: Option<String>,
    /// Overwrite what is there, and remove entities and SQL files that are not written
    #[arg(long)]
    force: bool,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report<'a> {
    from: String,
    folder: String,
    entities: usize,
    written: Vec<String>,
    removed: Vec<String>,
    notes: &'a [Note],
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let database = if args.from == Source::Database {
        Some(context.announced_target().await?.url)
    } else {
        context.terminal.note(&args.from);
        None
    };
    let road = context.road(database);
    let outcome = pulled(&road, &args).await;
    let closed = road.close().await;
    let pulled = outcome?;
    closed?;
    written(context, &args, pulled)
}

async fn pulled(road: &Road, args: &Args) -> Result<Pulled, Failure> {
    let selection = match (&args.schema, args.tables.as_slice()) {
        (Some(schema), _) => Selection::Schema(schema.clone()),
        (None, []) => Selection::Everything,
        (None, tables) => Selection::Tables(tables.to_vec()),
    };
    let schema = road.schema(&args.from).await?;
    Ok(pull::pull(road, &schema, &selection).await?)
}

fn written(context: &Context, args: &Args, pulled: Pulled) -> Result<Exit, Failure> {
    let folder = match &args.out {
        Some(folder) => folder.clone(),
        None => context.project.root.join(context.project.entities),
    };
    let existing = match args.force {
        true => Existing::Replaced,
        false => Existing::Refused,
    };
    for note in &pulled.notes {
        context
            .terminal
            .note(format!("{}: {}", note.object, note.reason));
    }
    let (entities, notes) = (pulled.entities, pulled.notes.clone());
    let below = |path: &String| context.relative(&folder.join(path));
    let done = match pull::write(pulled, &folder, existing) {
        Err(PullError::InTheWay { paths }) => {
            let paths = paths.iter().map(below).collect();
            let error = PullError::InTheWay { paths };
            let refused = Failure::refused(error.to_string(), vec!["--force".to_owned()]);
            return Err(refused.help("say so with `--force`, or name another folder with `--out`"));
        }
        done => done?,
    };
    let report = Report {
        from: args.from.to_string(),
        folder: context.relative(&folder),
        entities,
        written: done.written.iter().map(below).collect(),
        removed: done.removed.iter().map(below).collect(),
        notes: &notes,
    };
    if context.terminal.is_json() {
        context.terminal.json(&report)?;
        return Ok(Exit::Done);
    }
    let lines = report.written.iter().map(|path| format!("wrote {path}\n"));
    let removed = report
        .removed
        .iter()
        .map(|path| format!("removed {path}\n"));
    context
        .terminal
        .result(&String::from_iter(lines.chain(removed)))?;
    context.terminal.note(format!(
        "{entities} entities, proven on a scratch database: with the SQL beside them they give this schema again"
    ));
    Ok(Exit::Done)
}
