//! `push --plan-out` and `push --plan`.

use std::path::{Path, PathBuf};

use seachange::backup::Backup;
use seachange::connection::open;
use seachange::push::{self, Loss, Push, PushError, Reviewed};
use seachange_schema::script;
use serde::Serialize;
use sqlx::{Connection, PgConnection};

use crate::backups::Backups;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Target;
use crate::terminal::plan::told;

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(in crate::command) struct Report<'a> {
    /// `planned` or `pushed`.
    outcome: &'static str,
    target: String,
    file: PathBuf,
    /// A line for each change.
    changes: Vec<String>,
    losses: &'a [Loss],
    #[serde(skip_serializing_if = "Option::is_none")]
    backup: Option<Backup>,
}

/// Writes down what would be pushed.
pub(super) async fn write(
    context: &Context,
    connection: &mut PgConnection,
    target: &Target,
    push: &Push,
    path: &Path,
) -> Result<Exit, Failure> {
    push::write_plan(connection, &target.url, push, path).await?;
    let losses: Vec<Loss> = (push.losses().into_iter())
        .map(|(subject, message)| Loss { subject, message })
        .collect();
    let report = Report {
        outcome: "planned",
        target: target.masked(),
        file: path.to_owned(),
        changes: push.plan.steps().map(script::line).collect(),
        losses: &losses,
        backup: None,
    };
    if context.terminal.is_json() {
        context.terminal.json(&report)?;
        return Ok(Exit::Done);
    }
    tell(context, &report);
    context
        .terminal
        .result(&format!("wrote {}\n", path.display()))?;
    context.terminal.note(format!(
        "next: review it, then `push --plan {}`",
        path.display()
    ));
    Ok(Exit::Done)
}

/// Does what was written down.
pub(super) async fn apply(
    context: &Context,
    target: &Target,
    path: &Path,
    backups: &Backups,
) -> Result<Exit, Failure> {
    let reviewed = push::read_plan(path).map_err(super::failure)?;
    let mut connection = open(&target.url, "push").await?;
    let done = applied(context, &mut connection, target, &reviewed, backups).await;
    // The outcome says more than how the connection ends.
    connection.close().await.ok();
    let report = Report {
        outcome: "pushed",
        target: target.masked(),
        file: path.to_owned(),
        changes: reviewed.changes().cloned().collect(),
        losses: reviewed.losses(),
        backup: done?,
    };
    if context.terminal.is_json() {
        context.terminal.json(&report)?;
        return Ok(Exit::Done);
    }
    tell(context, &report);
    context
        .terminal
        .note(format!("pushed what {} says", path.display()));
    Ok(Exit::Done)
}

async fn applied(
    context: &Context,
    connection: &mut PgConnection,
    target: &Target,
    reviewed: &Reviewed,
    backups: &Backups,
) -> Result<Option<Backup>, Failure> {
    // Before a backup is made for nothing; the rest is looked at in the transaction.
    let fits = reviewed.check_target(connection, &target.url).await;
    fits.map_err(super::failure)?;
    let backup = match reviewed.changes().next() {
        Some(_) => backups.make(context, target).await?,
        None => {
            backups.none(context);
            None
        }
    };
    let done: Result<(), PushError> = push::apply_reviewed(connection, &target.url, reviewed).await;
    done.map_err(super::failure)?;
    Ok(backup)
}

fn tell(context: &Context, report: &Report<'_>) {
    for change in &report.changes {
        context.terminal.note(told(change));
    }
    for loss in report.losses {
        context
            .terminal
            .note(format!("loses data: {} ({})", loss.message, loss.subject));
    }
    if report.changes.is_empty() {
        context.terminal.note("nothing to do");
    }
}
