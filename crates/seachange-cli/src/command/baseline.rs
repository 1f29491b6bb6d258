//! `baseline`: adopts a database that has a schema already. What its migrations are is recorded;
//! nothing of them is run.

mod old;
pub(super) mod report;
mod version;

use chrono::Utc;
use seachange::generate::{self, GenerateError};
use seachange::ignore::Rules;
use seachange::runner::{self, Adoption, Interrupt, Program, Run, Settings, State};
use seachange::source::{Road, Source};
use seachange::{baseline, migrations};
use seachange_schema::Schema;

use self::old::Old;
use self::report::{Outcome, Report};
use crate::context::Context;
use crate::drift;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::standing::{self, Standing};
use crate::target::Target;
use crate::terminal::Question;

/// Adopt a database that has a schema already: record the migrations that made it as applied, or write
/// the first one from it
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The last migration whose work the database has; found by its schema when none is given
    #[arg(long, value_name = "VERSION")]
    to: Option<String>,
    /// The name of the first migration, where there is none yet
    #[arg(long, value_name = "NAME", default_value = "initial_schema")]
    name: String,
    /// Record it although the database differs from that version
    #[arg(long, requires = "to")]
    allow_drift: bool,
    /// Leave records of migrations that are not here where they are, and pass over them from now on
    #[arg(long, conflicts_with = "replace_history")]
    keep_history: bool,
    /// Move records of migrations that are not here into `seachange_history`
    #[arg(long)]
    replace_history: bool,
    /// Show what would be written and recorded, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

/// What was found, before anything is done.
struct Found {
    standing: Standing,
    live: Schema,
    old: Old,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    migrations::check_name(&args.name)?;
    let rules = context.configuration()?.ignored;
    let target = context.announced_target().await?;
    let standing = standing::read(context, &target).await?;
    settled(&standing)?;
    let road = context.road(Some(target.url.clone()));
    let outcome = async {
        let live = road.schema(&Source::Database).await?;
        let found = Found {
            old: Old::of(&standing.status, &args)?,
            live: Schema::clone(&live),
            standing,
        };
        match found.standing.folder.migrations.is_empty() {
            true => first(context, &road, &rules, &args, &target, found).await,
            false => version::adopt(context, &road, &rules, &args, &target, found).await,
        }
    };
    let outcome = outcome.await;
    let closed = road.close().await;
    let report = outcome?;
    closed?;
    report.print(context)?;
    Ok(Exit::Done)
}

/// What runs have begun is theirs to end.
fn settled(standing: &Standing) -> Result<(), Failure> {
    for one in &standing.status.migrations {
        let why = match (&one.halfway, &one.squash) {
            (Some(halfway), _) => halfway.to_string(),
            (None, Some(squash)) if one.state == State::Pending => squash.to_string(),
            _ => continue,
        };
        return Err(Failure::new(format!(
            "nothing can be recorded around `{}`: {why}",
            one.version
        ))
        .help("go on with it first: `migrate`"));
    }
    Ok(())
}

/// The folder has no migration: the first one is written from the database.
async fn first(
    context: &Context,
    road: &Road,
    rules: &Rules,
    args: &Args,
    target: &Target,
    found: Found,
) -> Result<Report, Failure> {
    if args.to.is_some() {
        return Err(
            Failure::usage("`--to` names no migration: there is none yet")
                .help("leave it out: the first migration is written from the database"),
        );
    }
    let empty = road.schema(&Source::Empty).await?;
    if drift::of_live(&empty, &road.of_live(&found.live, &empty), rules).is_none() {
        return Err(
            Failure::new(format!("{} has no schema to adopt", target.described()))
                .help("write the first migration with `generate`, and run it with `migrate`"),
        );
    }
    let script = baseline::first(road, &found.live, rules, &args.name)
        .await
        .map_err(|error| match error {
            GenerateError::Refused(_) | GenerateError::NoWayBack(_) => Failure::from(error).help(
                "ignore in `seachange.toml` what can't be written, or write the first migration by hand \
                 (`generate --empty`) and run `baseline` again",
            ),
            error => error.into(),
        })?;
    let mut report = Report::new(target, &found.old);
    report.proven = true;
    if args.dry_run {
        report.up_sql = script.up;
        report.recorded = vec![script.name];
        report.outcome = Outcome::WouldBe;
        return Ok(report);
    }
    consent(
        context,
        args,
        target,
        "write its first migration and record it as applied",
    )?;
    let written = generate::write(road, &script, Utc::now())?;
    let files = written.created.iter();
    report.written = files.map(|path| context.relative(path)).collect();
    let versions = vec![written.version];
    record(context, target, &found, &versions)
        .await
        .map_err(|failure| {
            // The files are a whole of their own: the next try finds the version that the database has.
            failure.help("the migration is written; run `baseline` again to record it")
        })?;
    report.recorded = versions;
    Ok(report)
}

fn consent(context: &Context, args: &Args, target: &Target, what: &str) -> Result<(), Failure> {
    if args.yes {
        return Ok(());
    }
    let on = target.described();
    context.terminal.consent(Question {
        text: &format!("{what} on {on}, without running anything?"),
        refusal: &format!("this would {what} on {on}, without running anything"),
        flags: vec!["--yes".to_owned()],
    })
}

/// Writes it into the database: all of it in one transaction, under the lock of every run.
async fn record(
    context: &Context,
    target: &Target,
    found: &Found,
    versions: &[String],
) -> Result<(), Failure> {
    let folder = migrations::read(&context.migrations())?;
    let program = Program::on_disk(&folder);
    let mut note = |event| {
        if let runner::Event::Waiting { holder, .. } = event {
            let holder = holder.map_or_else(|| "another runner".to_owned(), |it| it.to_string());
            context.terminal.note(format!("waiting for {holder}"));
        }
    };
    let mut run = Run {
        program: &program,
        target: &runner::Target::new(target.url.clone()),
        settings: &Settings::default(),
        interrupt: Interrupt::never(),
        observe: &mut note,
    };
    let status = &found.standing.status;
    let recorded = status
        .migrations
        .iter()
        .filter(|one| one.state != State::Pending);
    let seen: Vec<String> = recorded
        .map(|one| one.version.clone())
        .chain(status.kept.iter().cloned())
        .collect();
    let adoption = Adoption {
        versions,
        strangers: &found.old.strangers,
        old_history: found.old.choice,
        seen_records: &seen,
        seen_schema: &found.live,
    };
    Ok(runner::adopt(&mut run, &adoption).await?)
}
