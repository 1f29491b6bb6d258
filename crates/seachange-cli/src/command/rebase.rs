//! `rebase`: the migration folder put in order after a merge, or after an edit to what is applied
//! nowhere yet. What nobody has run moves behind what somebody has.

mod choice;
mod main_branch;

use chrono::Utc;
use seachange::branches::{self, Proven};
use seachange::migrations::{self, Folder, Kind, Migration, Moved, Relocked};
use seachange::source::Road;
use seachange::{connection, generate};
use serde::Serialize;
use sqlx::Connection;

use super::status::all_migrations;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::standing::{self, Standing};
use crate::target::{self, Target};
use crate::terminal::Format;

/// Put the migration folder in order after a merge: what nobody has run behind what somebody has; list,
/// lock and schema.sql by version
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The migration whose branch moves, of two that were written after the same one
    #[arg(long = "move", value_name = "VERSION", conflicts_with = "onto")]
    moved: Option<String>,
    /// The migration whose branch stays
    #[arg(long, value_name = "VERSION")]
    onto: Option<String>,
    /// Look into no database for what is applied
    #[arg(long)]
    no_database: bool,
    /// Show what would be done, and change nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Default, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report {
    /// Migrations that have a later version now.
    renamed: Vec<Moved>,
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
    /// What of the migrations that moved was proven on a scratch database: `up, down and up again`, or `up`.
    #[serde(skip_serializing_if = "Option::is_none")]
    proven: Option<&'static str>,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let folder = migrations::read(&context.migrations())?;
    let asked = match args.no_database {
        true => None,
        false => reachable(context).await?,
    };
    let standing = asked.as_ref().map(|(_, standing)| standing);
    let movers = choice::movers(context, &folder, standing, &args)?;
    let renamed = renamed(&folder, &movers)?;
    let next = folder.with_versions(&renamed);
    let lock = next.rebased_lock()?;
    if let Some((target, standing)) = &asked {
        applied_stays(target, standing, &next, &lock)?;
    }
    let own = |versions: Vec<String>, names: fn(&Moved) -> &String| -> Vec<String> {
        let is_renamed = |it: &String| renamed.iter().any(|one| names(one) == it);
        versions.into_iter().filter(|it| !is_renamed(it)).collect()
    };
    let mut report = Report {
        added: own(lock.added, |one| &one.to),
        edited: lock.edited,
        removed: own(lock.removed, |one| &one.from),
        moved: lock.moved,
        renamed: renamed.clone(),
        ..Report::default()
    };
    let road = context.road(None);
    let done = order(context, &road, &args, &folder, &next, &movers, &mut report).await;
    let closed = road.close().await;
    done?;
    closed?;
    match context.terminal.format() {
        Format::Json => context.terminal.json(&report)?,
        Format::Text => context.terminal.result(&text(&report))?,
    }
    Ok(Exit::Done)
}

/// Proves what moves, and writes the folder.
async fn order(
    context: &Context,
    road: &Road,
    args: &Args,
    folder: &Folder,
    next: &Folder,
    movers: &[String],
    report: &mut Report,
) -> Result<(), Failure> {
    if args.dry_run && movers.is_empty() {
        return Ok(());
    }
    let in_rust = next.migrations.iter().any(|one| one.kind == Kind::Rust);
    if in_rust && !report.renamed.is_empty() {
        return order_unproven(context, road, args, folder, report).await;
    }
    let named = |from: &String| {
        let renamed = report.renamed.iter().find(|one| one.from == *from);
        renamed.map_or_else(|| from.clone(), |one| one.to.clone())
    };
    let movers: Vec<String> = movers.iter().map(named).collect();
    let (moved, before): (Vec<Migration>, Vec<Migration>) =
        (next.migrations.iter().cloned()).partition(|one| movers.contains(&one.version));
    if !moved.is_empty() {
        report.proven = Some(match branches::prove(road, &before, &moved).await? {
            Proven::Circle => "up, down and up again",
            Proven::Up => "up",
            Proven::NoWayBack { why } => {
                context.terminal.note(format!(
                    "behind the others, `{}` does not lead back any more: {why}",
                    movers.join("`, `")
                ));
                "up"
            }
        });
    }
    if !args.dry_run {
        let schema = road.schema_of(next.migrations.clone()).await?;
        let schema_sql = generate::schema_sql(&schema)?;
        report.changed = folder.rebase_moving(&report.renamed, schema_sql)?.changed;
    }
    Ok(())
}

/// The program runs migrations in Rust as `lib.rs` lists them, so the files have to move first.
async fn order_unproven(
    context: &Context,
    road: &Road,
    args: &Args,
    folder: &Folder,
    report: &mut Report,
) -> Result<(), Failure> {
    if args.dry_run {
        context
            .terminal
            .note("not proven: there are migrations in Rust, which run as `lib.rs` lists them");
        return Ok(());
    }
    let path = context.migrations().join("schema.sql");
    let before = std::fs::read_to_string(path).unwrap_or_default();
    report.changed = folder.rebase_moving(&report.renamed, before)?.changed;
    road.reread();
    let written = async {
        let schema = road.schema(&all_migrations()).await?;
        let schema_sql = generate::schema_sql(&schema)?;
        Ok::<_, Failure>(migrations::read(&context.migrations())?.rebase(schema_sql)?)
    };
    let written = written.await.map_err(|failure| {
        let moved: Vec<&str> = report.renamed.iter().map(|one| one.to.as_str()).collect();
        Failure {
            message: format!(
                "moved `{}`, which does not run where it is now: {}",
                moved.join("`, `"),
                failure.message
            ),
            ..failure
        }
    })?;
    report.changed.extend(written.changed);
    report.changed.sort_unstable();
    report.changed.dedup();
    report.proven = Some("up");
    Ok(())
}

/// What moves gets a later version, unless it stands behind all others already.
fn renamed(folder: &Folder, movers: &[String]) -> Result<Vec<Moved>, Failure> {
    let others = folder.migrations.iter().map(|one| &one.version);
    let last = others.filter(|it| !movers.contains(it)).max();
    match (movers.first(), last) {
        (Some(first), Some(last)) if first < last => {
            Ok(folder.versions_behind(movers, Utc::now())?)
        }
        _ => Ok(Vec::new()),
    }
}

/// Where the database of this machine stands, if it can be asked.
async fn reachable(context: &Context) -> Result<Option<(Target, Standing)>, Failure> {
    let Some(target) = target::existing(context).await? else {
        return Ok(None);
    };
    match connection::open(&target.url, "rebase").await {
        // It was only to see that it can be asked.
        Ok(connection) => drop(connection.close().await),
        Err(error) => {
            context.terminal.note(format!(
                "what is applied is not known: {error} ({})",
                target.origin
            ));
            return Ok(None);
        }
    }
    let standing = standing::read(context, &target).await?;
    Ok(Some((target, standing)))
}

/// What the database of this machine has must stay as it is and where it is.
fn applied_stays(
    target: &Target,
    standing: &Standing,
    next: &Folder,
    lock: &Relocked,
) -> Result<(), Failure> {
    let would = |versions: &[String], how: &str| -> Vec<String> {
        let applied = versions.iter().filter(|it| standing.is_applied(it));
        applied.map(|it| format!("`{it}` {how}")).collect()
    };
    let mut wrong = would(&lock.edited, "was edited after it was applied");
    wrong.extend(would(&lock.removed, "is applied, but its files are gone"));
    // Behind what is applied as well, another parent is what is true of this database.
    let follows_pending = |moved: &String| {
        let pending = next.migrations.iter().map(|one| &one.version);
        pending
            .filter(|it| !standing.is_applied(it))
            .any(|it| it < moved)
    };
    let moved: Vec<String> = lock
        .moved
        .iter()
        .filter(|it| follows_pending(it))
        .cloned()
        .collect();
    wrong.extend(would(
        &moved,
        "is applied, and would come after another one than before",
    ));
    if wrong.is_empty() {
        return Ok(());
    }
    let mut failure = Failure::refused(
        format!("what is applied to {} would change", target.described()),
        Vec::new(),
    )
    .help("undo the edit, bring the files back, or take back what is applied with `rollback`");
    failure.causes = wrong;
    Err(failure)
}

fn text(report: &Report) -> String {
    let mut lines = Vec::new();
    let renamed = report.renamed.iter();
    lines.extend(renamed.map(|one| format!("moved {} behind the others: {}", one.from, one.to)));
    for (versions, how) in [
        (&report.added, "locked"),
        (&report.edited, "locked as it is now:"),
        (&report.removed, "no longer locked:"),
        (&report.moved, "put behind what comes before it now:"),
    ] {
        lines.extend(versions.iter().map(|version| format!("{how} {version}")));
    }
    lines.extend(report.changed.iter().map(|file| format!("wrote {file}")));
    if let Some(proven) = report.proven {
        lines.push(format!("proven on a scratch database: {proven}"));
    }
    match lines.is_empty() {
        true => "everything is in order\n".to_owned(),
        false => lines.join("\n") + "\n",
    }
}
