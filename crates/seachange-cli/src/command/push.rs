//! `push`: makes the database match the entities, without files.

pub(super) mod reviewed;

use std::collections::BTreeSet;
use std::path::PathBuf;

use seachange::backup::Backup;
use seachange::connection::open;
use seachange::push::{self, Push, PushError};
use seachange::source::{Road, Source};
use serde::Serialize;
use sqlx::{Connection, PgConnection};

use crate::backups::Backups;
use crate::command::reset::empty;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::renames::{self, Renames};
use crate::sizes::Sizes;
use crate::standing;
use crate::target::Target;
use crate::terminal::{Question, plan};

/// Make the database match the entities, without writing a migration
///
/// Safe changes are applied in one transaction; whatever loses data needs consent. What nobody declared is
/// left alone and listed.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    renames: Renames,
    /// Consent to a plan on a database that is not local; never to losing data
    #[arg(long)]
    yes: bool,
    /// Also where the database is not on this machine
    #[arg(long)]
    allow_remote: bool,
    /// Drop everything in the database first; local databases only
    #[arg(long)]
    force: bool,
    /// Print the SQL and change nothing
    #[arg(long, conflicts_with = "force")]
    dry_run: bool,
    #[command(flatten)]
    backups: Backups,
    /// Write down what would be done, for review, and change nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["force", "dry_run", "backup"])]
    plan_out: Option<PathBuf>,
    /// Do what was written down and reviewed, and nothing else; refused when anything is another since. What
    /// it says of losing data is consent to it
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "force", "dry_run", "plan_out", "hints", "mappings", "allow_data_loss",
    ])]
    plan: Option<PathBuf>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report<'a> {
    /// `pushed`, `nothing to do` or `would be pushed`.
    outcome: &'static str,
    target: String,
    plan: &'a seachange_schema::Plan,
    undeclared: Vec<String>,
    unmodelled: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    backup: Option<Backup>,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let target = context.announced_target().await?;
    if let Some(path) = &args.plan {
        // It names the one database that it is for, and was made with consent to it.
        return reviewed::apply(context, &target, path, &args.backups).await;
    }
    if !target.local && (args.force || !args.allow_remote) {
        return Err(remote(&target, args.force));
    }
    let mut backup = None;
    if args.force {
        backup = args.backups.make(context, &target).await?;
        let found = empty::look(&target).await?;
        empty::make(&target, &found).await?;
        context.terminal.note("dropped everything in it");
    }
    let road = context.road(Some(target.url.clone()));
    let mut connection = open(&target.url, "push").await?;
    let outcome = pushed(context, &road, &mut connection, &target, &args, backup).await;
    // The outcome says more than how the connection ends.
    connection.close().await.ok();
    let closed = road.close().await;
    let exit = outcome?;
    closed?;
    Ok(exit)
}

fn remote(target: &Target, force: bool) -> Failure {
    if force {
        return Failure::refused(
            format!(
                "`--force` drops everything, and {} is not on this machine",
                target.masked()
            ),
            Vec::new(),
        )
        .help("`--force` is for local databases only");
    }
    Failure::refused(
        format!("{} is not on this machine", target.masked()),
        vec!["--allow-remote".to_owned()],
    )
    .help("for a database that others use, `generate` a migration and `migrate`; or say `--allow-remote`")
}

/// With the exit code that it means.
fn failure(error: PushError) -> Failure {
    let exit = match &error {
        PushError::Plan(plan) if plan.is_refusal() => Exit::Refused,
        _ => Exit::Failed,
    };
    Failure {
        exit,
        ..Failure::from(error)
    }
}

async fn pushed(
    context: &Context,
    road: &Road,
    connection: &mut PgConnection,
    target: &Target,
    args: &Args,
    backup: Option<Backup>,
) -> Result<Exit, Failure> {
    let push = planned(context, road, connection, target, args).await?;
    if let Some(path) = &args.plan_out {
        unmapped(&push)?;
        return reviewed::write(context, connection, target, &push, path).await;
    }
    if push.plan.is_empty() {
        if !push.recorded {
            push::apply(connection, &push).await?;
        }
        if backup.is_none() {
            args.backups.none(context);
        }
        report(context, target, &push, "nothing to do", backup)?;
        return Ok(Exit::Done);
    }
    if args.dry_run {
        if !context.terminal.is_json() {
            for phase in &push.plan.phases {
                context
                    .terminal
                    .result(&seachange_schema::script::script(phase))?;
            }
        }
        report(context, target, &push, "would be pushed", None)?;
        return Ok(Exit::Done);
    }
    if !context.terminal.is_json() {
        let sizes = (Sizes::read(connection).await).map_err(|error| {
            Failure::new("cannot read the sizes of the tables")
                .help("nothing was changed; run it again")
                .because(&error)
        })?;
        context.terminal.note(plan::text_for(&push.plan, &sizes));
    }
    consent(context, target, &push, args)?;
    let backup = match args.force {
        true => backup,
        false => args.backups.make(context, target).await?,
    };
    push::apply(connection, &push).await.map_err(failure)?;
    report(context, target, &push, "pushed", backup)?;
    Ok(Exit::Done)
}

async fn planned(
    context: &Context,
    road: &Road,
    connection: &mut PgConnection,
    target: &Target,
    args: &Args,
) -> Result<Push, Failure> {
    // What applied migrations declared was declared, too. Those that are not in this folder say nothing.
    let standing = standing::read(context, target).await?;
    let newest = standing
        .applied()
        .into_iter()
        .rfind(|version| standing.folder.migration(version).is_some())
        .map(str::to_owned);
    let migrated = match newest {
        Some(version) => Some(
            road.schema(&Source::Migrations {
                upto: Some(version),
            })
            .await?,
        ),
        None => None,
    };
    let mut answers = args.renames.answers(road)?;
    loop {
        let push = push::prepare(road, connection, migrated.as_deref(), &answers).await?;
        if push.questions.is_empty() {
            renames::unused(&args.renames.allow_data_loss, &push.plan)?;
            return Ok(push);
        }
        renames::ask(context, &push.questions, &mut answers)?;
    }
}

/// Rows that hold a label which goes need a word about what they hold instead.
fn unmapped(push: &Push) -> Result<(), Failure> {
    if push.held.is_empty() {
        return Ok(());
    }
    let what: Vec<String> = (push.held.iter())
        .map(|held| {
            let rows = if held.rows == 1 {
                "row holds"
            } else {
                "rows hold"
            };
            format!("{} {rows} `{}` in {}", held.rows, held.label, held.column)
        })
        .collect();
    let mut flags: Vec<String> = Vec::new();
    let mut kept: Vec<String> = Vec::new();
    for held in &push.held {
        let flag = format!("--map {}:KEPT", held.label);
        if !flags.contains(&flag) {
            kept.push(format!("`{flag}` with one of {}", held.kept.join(", ")));
            flags.push(flag);
        }
    }
    let text = format!("{}, which is declared no longer", what.join("; "));
    Err(Failure::refused(text, flags).help(format!(
        "say what such rows hold instead: {}; or change them first",
        kept.join("; ")
    )))
}

/// Data loss needs a word about each thing that is lost; a database elsewhere needs one for any plan.
fn consent(context: &Context, target: &Target, push: &Push, args: &Args) -> Result<(), Failure> {
    unmapped(push)?;
    // What a label's rows become was said label by label.
    let mapped = (args.renames.mappings.iter())
        .map(|mapping| format!("{}.{}", mapping.of.plain(), mapping.from));
    let allowed: BTreeSet<String> = (args.renames.allow_data_loss.iter().cloned())
        .chain(mapped)
        .collect();
    let losses: Vec<(String, String)> = push
        .losses()
        .into_iter()
        .filter(|(subject, _)| !allowed.contains(subject))
        .collect();
    if !losses.is_empty() {
        let what: Vec<&str> = losses.iter().map(|(_, message)| message.as_str()).collect();
        let what = what.join("; ");
        return context.terminal.consent(Question {
            text: &format!("This loses data: {what}. Go on?"),
            refusal: &format!("this loses data: {what}"),
            flags: losses
                .iter()
                .map(|(subject, _)| format!("--allow-data-loss {subject}"))
                .collect(),
        });
    }
    if !target.local && !args.yes {
        return context.terminal.consent(Question {
            text: &format!("Apply this to {}?", target.masked()),
            refusal: &format!("{} is not on this machine", target.masked()),
            flags: vec!["--yes".to_owned()],
        });
    }
    Ok(())
}

fn report(
    context: &Context,
    target: &Target,
    push: &Push,
    outcome: &'static str,
    backup: Option<Backup>,
) -> Result<(), Failure> {
    if context.terminal.is_json() {
        return context.terminal.json(&Report {
            outcome,
            target: target.masked(),
            plan: &push.plan,
            undeclared: push.undeclared.iter().map(ToString::to_string).collect(),
            unmodelled: &push.unmodelled,
            backup,
        });
    }
    let steps = push.plan.steps().count();
    context.terminal.note(match outcome {
        "nothing to do" => "nothing to do: the database is what the entities declare".to_owned(),
        "pushed" => format!(
            "pushed {steps} {}",
            if steps == 1 { "change" } else { "changes" }
        ),
        _ => "nothing was changed".to_owned(),
    });
    for id in &push.undeclared {
        context
            .terminal
            .note(format!("left alone, since nobody declared it: {id}"));
    }
    for one in &push.unmodelled {
        context
            .terminal
            .note(format!("not pushed, since it can't be planned yet: {one}"));
    }
    Ok(())
}
