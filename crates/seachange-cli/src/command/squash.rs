//! `squash`: old migrations folded into one. Databases that ran them recognize it.

use std::process::{Command, Stdio};

use seachange::migrations::{self, Folder, MigrationsError, Unseen};
use seachange::{generate, squash};
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::Question;

/// Fold old migrations into one that makes the same schema; databases that ran them recognize it
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The last one that is folded; all when none is given
    #[arg(long, value_name = "VERSION")]
    to: Option<String>,
    /// The name of the one
    #[arg(long, value_name = "NAME", default_value = "squashed")]
    name: String,
    /// Leave out what these did to rows, which a schema does not hold
    #[arg(long, value_name = "VERSION", num_args = 1..)]
    drop_data_statements: Vec<String>,
    /// Prove and show it, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask, although git does not have the files as they are
    #[arg(long, short)]
    yes: bool,
}

#[derive(Default, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report {
    /// `squashed`, `would be squashed` or `nothing to do`.
    outcome: &'static str,
    /// The one.
    #[serde(skip_serializing_if = "Option::is_none")]
    migration: Option<String>,
    replaces: Vec<String>,
    /// What was left out, in words.
    left_out: Vec<String>,
    written: Vec<String>,
    removed: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    up: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    down: String,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    migrations::check_name(&args.name)?;
    let folder = migrations::read(&context.migrations())?;
    let problems = folder.problems();
    if !problems.is_empty() {
        return Err(MigrationsError::Problems { problems }.into());
    }
    let road = context.road(None);
    let done = folded(context, &road, &folder, &args).await;
    let closed = road.close().await;
    let report = done?;
    closed?;
    print(context, &report)?;
    Ok(Exit::Done)
}

async fn folded(
    context: &Context,
    road: &seachange::source::Road,
    folder: &Folder,
    args: &Args,
) -> Result<Report, Failure> {
    let all: Vec<&String> = folder.migrations.iter().map(|one| &one.version).collect();
    let count = match &args.to {
        Some(asked) => {
            let version = road.version(asked)?;
            all.iter()
                .position(|it| **it == version)
                .map_or(0, |at| at + 1)
        }
        None => all.len(),
    };
    if count < 2 {
        return Ok(Report {
            outcome: "nothing to do",
            ..Report::default()
        });
    }
    let left_out = left_out(folder, &all[..count], args)?;
    let (squashed, schema) = squash::squash(road, folder, count, &args.name, &left_out).await?;
    let mut report = Report {
        outcome: "squashed",
        migration: Some(squashed.version.clone()),
        replaces: squashed
            .replaces
            .iter()
            .map(|one| one.version.clone())
            .collect(),
        left_out: left_out.iter().map(ToString::to_string).collect(),
        ..Report::default()
    };
    if args.dry_run {
        let one = &squashed.folder.migrations[0];
        report.outcome = "would be squashed";
        report.up = one.up_sql.clone().unwrap_or_default();
        report.down = one.down_sql.clone().unwrap_or_default();
        return Ok(report);
    }
    consent(context, args, count)?;
    let schema_sql = generate::schema_sql(&schema)?;
    let (written, removed) = folder.write_squashed(&squashed, schema_sql)?;
    let relative = |paths: Vec<std::path::PathBuf>| -> Vec<String> {
        paths.iter().map(|path| context.relative(path)).collect()
    };
    report.written = relative(written);
    report.removed = relative(removed);
    Ok(report)
}

/// What the old ones did besides; each has to be agreed to.
fn left_out(folder: &Folder, folded: &[&String], args: &Args) -> Result<Vec<Unseen>, Failure> {
    let unseen = folder.unseen(folded.iter().copied());
    let agreed = |version: &str| {
        let mut all = args.drop_data_statements.iter();
        all.any(|asked| !asked.is_empty() && (version == asked || version.ends_with(asked)))
    };
    for asked in &args.drop_data_statements {
        if !unseen.iter().any(|one| one.version.ends_with(asked)) {
            return Err(Failure::usage(format!(
                "`--drop-data-statements {asked}` matches nothing that would be left out"
            )).help("leave it out, or name a migration that changes rows, as the refusal without it lists them"));
        }
    }
    let missing: Vec<&Unseen> = unseen.iter().filter(|one| !agreed(&one.version)).collect();
    if missing.is_empty() {
        return Ok(unseen);
    }
    let versions: Vec<&str> = missing.iter().map(|one| one.version.as_str()).collect();
    let failure = Failure::refused(
        "a schema does not hold what these migrations did to rows, and a database made by the one would lack it",
        vec![format!("--drop-data-statements {}", versions.join(" "))],
    );
    Err(Failure {
        causes: missing.iter().map(ToString::to_string).collect(),
        ..failure
    }
    .help(format!(
        "fold up to an earlier one with `--to`; or, where it is of no use to a new database or its fixtures \
         bring it, leave it out with `--drop-data-statements {}`",
        versions.join(" ")
    )))
}

/// The old files go. Where git has them, nothing is lost by that.
fn consent(context: &Context, args: &Args, count: usize) -> Result<(), Failure> {
    if args.yes || git_has_all(context) {
        return Ok(());
    }
    context.terminal.consent(Question {
        text: &format!("remove {count} migrations, which git does not have as they are?"),
        refusal: &format!(
            "this removes {count} migrations, and git does not have all of their files as they are"
        ),
        flags: vec!["--yes".to_owned()],
    })
}

fn git_has_all(context: &Context) -> bool {
    let output = Command::new("git")
        .arg("-C")
        .arg(&context.project.root)
        .args([
            "status",
            "--porcelain",
            "--ignored",
            "--",
            context.project.migration,
        ])
        .stdin(Stdio::null())
        .output();
    output.is_ok_and(|output| output.status.success() && output.stdout.is_empty())
}

fn print(context: &Context, report: &Report) -> Result<(), Failure> {
    let terminal = &context.terminal;
    if terminal.is_json() {
        return terminal.json(report);
    }
    let Some(migration) = &report.migration else {
        terminal.note("nothing to do: there are no two migrations to fold");
        return Ok(());
    };
    let mut text = String::new();
    if !report.up.is_empty() {
        text = format!(
            "-- {migration}/up.sql\n{}\n-- {migration}/down.sql\n{}",
            report.up, report.down
        );
    }
    text.extend(report.written.iter().map(|path| format!("wrote {path}\n")));
    text.extend(
        report
            .removed
            .iter()
            .map(|path| format!("removed {path}\n")),
    );
    terminal.result(&text)?;
    for one in &report.left_out {
        terminal.note(format!("left out: {one}"));
    }
    terminal.note(format!(
        "{} migrations are `{migration}`{}; proven on a scratch database: it makes the same schema, and leads back to nothing",
        report.replaces.len(),
        if report.up.is_empty() { "" } else { " then" }
    ));
    if report.up.is_empty() {
        terminal.note("a database that ran all of them recognizes it; one that ran some needs the earlier release first");
    }
    Ok(())
}
