//! `rebase`: the migration folder put in order after a merge, or after an edit to what is applied
//! nowhere yet.

use seachange::migrations::{self, Relocked};
use seachange::{connection, generate};
use serde::Serialize;
use sqlx::Connection;

use super::status::all_migrations;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::standing;
use crate::target;
use crate::terminal::Format;

/// Put the migration folder in order after a merge: list, lock and schema.sql by version
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Look into no database for what is applied
    #[arg(long)]
    no_database: bool,
    /// Show what would be done, and change nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Default, Serialize)]
struct Report {
    /// Migrations that the lock did not know.
    added: Vec<String>,
    /// Migrations that are locked as they are now.
    edited: Vec<String>,
    /// Migrations that the lock knew and that are gone.
    removed: Vec<String>,
    /// Migrations that follow another one now.
    moved: Vec<String>,
    /// Files that were written anew.
    changed: Vec<&'static str>,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let folder = migrations::read(&context.migrations())?;
    let lock = folder.rebased_lock()?;
    if !args.no_database {
        applied_stays(context, &lock).await?;
    }
    let mut report = Report {
        added: lock.added,
        edited: lock.edited,
        removed: lock.removed,
        moved: lock.moved,
        changed: Vec::new(),
    };
    if !args.dry_run {
        let road = context.road(None);
        let schema = road.schema(&all_migrations()).await?;
        let schema_sql = generate::schema_sql(&schema)?;
        road.close().await?;
        report.changed = folder.rebase(schema_sql)?.changed;
    }
    match context.terminal.format() {
        Format::Json => context.terminal.json(&report)?,
        Format::Text => context.terminal.result(&text(&report))?,
    }
    Ok(Exit::Done)
}

/// What the database of this machine has must stay as it is and where it is.
async fn applied_stays(context: &Context, lock: &Relocked) -> Result<(), Failure> {
    let Some(target) = target::existing(context).await? else {
        return Ok(());
    };
    match connection::open(&target.url, "rebase").await {
        // It was only to see that it can be asked.
        Ok(connection) => drop(connection.close().await),
        Err(error) => {
            context.terminal.note(format!(
                "what is applied is not known: {error} ({})",
                target.origin
            ));
            return Ok(());
        }
    }
    let standing = standing::read(context, &target).await?;
    let would = |versions: &[String], how: &str| -> Vec<String> {
        let applied = versions.iter().filter(|it| standing.is_applied(it));
        applied.map(|it| format!("`{it}` {how}")).collect()
    };
    let mut wrong = would(&lock.edited, "was edited after it was applied");
    wrong.extend(would(&lock.removed, "is applied, but its files are gone"));
    wrong.extend(would(
        &lock.moved,
        "is applied, and would come after another one than before",
    ));
    if wrong.is_empty() {
        return Ok(());
    }
    let mut failure = Failure::refused(
        format!("what is applied to {} would change", target.described()),
        Vec::new(),
    )
    .help(
        "undo the edit, bring the files back, or give the migration that is applied nowhere a later \
         version: rename its file and folder, and its names in `lib.rs`",
    );
    failure.causes = wrong;
    Err(failure)
}

fn text(report: &Report) -> String {
    let mut lines = Vec::new();
    for (versions, how) in [
        (&report.added, "locked"),
        (&report.edited, "locked as it is now:"),
        (&report.removed, "no longer locked:"),
        (&report.moved, "put behind what comes before it now:"),
    ] {
        lines.extend(versions.iter().map(|version| format!("{how} {version}")));
    }
    lines.extend(report.changed.iter().map(|file| format!("wrote {file}")));
    match lines.is_empty() {
        true => "everything is in order\n".to_owned(),
        false => lines.join("\n") + "\n",
    }
}
