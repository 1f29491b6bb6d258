//! `lint`: hazards in migrations, also hand-written ones, and in what entities declare. Changes nothing.

mod gather;
mod github;
mod gitlab;
mod report;
mod text;

use std::path::PathBuf;

use clap::ValueEnum;
use seachange::source::{Road, Source};
use seachange_lint::Severity;

use self::gather::Which;
pub(super) use self::report::Report;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Find hazards in migrations, also hand-written ones, and in what entities declare
///
/// Without arguments: every migration, both ways, each against the schema that it meets, and the entities.
/// Each rule has a page in docs/lint. `-- seachange: allow <code>: <reason>` above a statement allows one.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// SQL files instead: of a migration, or any others, which meet the schema that `--against` names
    #[arg(value_name = "FILE", conflicts_with_all = ["since", "latest"])]
    files: Vec<PathBuf>,
    /// The migrations after that one alone
    #[arg(long, value_name = "VERSION")]
    since: Option<String>,
    /// The last migrations alone
    #[arg(long, value_name = "N", conflicts_with = "since")]
    latest: Option<usize>,
    /// The schema that a file meets which is no migration's
    #[arg(
        long,
        value_name = "SRC",
        default_value = "migrations",
        requires = "files"
    )]
    against: Source,
    /// Take a finding for an error: of that rule, or `warnings` for all
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    deny: Vec<String>,
    /// Leave a rule out
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    allow: Vec<String>,
    /// How findings are printed; `github` and `gitlab` are for annotations in a merge request
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        conflicts_with = "json"
    )]
    format: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    /// Workflow commands
    Github,
    /// Code Quality, as JSON
    Gitlab,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    for code in args
        .deny
        .iter()
        .filter(|code| *code != "warnings")
        .chain(&args.allow)
    {
        if seachange_lint::rule(code).is_none() {
            return Err(Failure::usage(format!("`{code}` is no rule of lint"))
                .help("docs/lint.md lists them"));
        }
    }
    let database = match args.against {
        Source::Database => Some(context.announced_target().await?.url),
        _ => None,
    };
    let road = context.road(database);
    let which = match (args.files.is_empty(), &args.since, args.latest) {
        (false, ..) => Which::Files {
            paths: args.files.clone(),
            against: args.against.clone(),
        },
        (true, Some(version), _) => Which::Since(version.clone()),
        (true, None, Some(count)) => Which::Latest(count),
        (true, None, None) => Which::All,
    };
    let work = gather::report(context, &road, &which);
    let report = context
        .noted("reading the schemas that the migrations meet", work)
        .await;
    road.close().await?;
    let mut report = report?;
    report.allow(&args.allow);
    report.deny(&args.deny);
    print(context, args.format, &report)?;
    match (report.errors, report.unknown.take()) {
        (0, None) => Ok(Exit::Done),
        // In JSON the report has it, and is all that is printed.
        (0, Some(failure)) if !context.terminal.is_json() => Err(failure),
        _ => Ok(Exit::Failed),
    }
}

/// Everything, for `check`.
pub(super) async fn everything(context: &Context, road: &Road) -> Result<Report, Failure> {
    gather::report(context, road, &Which::All).await
}

fn print(context: &Context, form: Form, report: &Report) -> Result<(), Failure> {
    if context.terminal.is_json() {
        return context.terminal.json(report);
    }
    match form {
        Form::Text => {
            if let Some(failure) = &report.unknown {
                context.terminal.note(format!(
                    "not every schema is known, so tables count as old there: {}",
                    failure.in_one_line()
                ));
            }
            context.terminal.result(&text::text(report))
        }
        Form::Github => context.terminal.result(&github::text(report)),
        Form::Gitlab => context.terminal.result(&gitlab::text(report)?),
    }
}

/// The word that a finding is printed with.
fn word(severity: Severity) -> &'static str {
    severity.word()
}
