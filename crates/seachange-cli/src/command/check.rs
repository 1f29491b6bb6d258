//! `check`: whether everything is in order, as CI asks it: the folder, the lock, the entities, the
//! database. Changes nothing.

mod branches;
pub(super) mod drift;
mod folder;

use std::fs;

use seachange::migrations;
use seachange::source::{Road, Source};
use seachange::{connection, generate};
use seachange_lint::Severity;
use serde::Serialize;
use sqlx::Connection;

use super::status::all_migrations;
use crate::context::Context;
use crate::drift::{self as differences, drift as compare};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::standing;
use crate::target;
use crate::terminal::look::Stream;
use crate::terminal::{Format, Table, style, wrapped};

/// Check lock chain, edits, branches, entities = migrations = schema.sql, lint, and the database
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Leave the database out
    #[arg(long)]
    no_database: bool,
    /// Only the database, against what its applied migrations make: the SQL both ways; 2 when they
    /// differ, 1 when it can't be told
    #[arg(long, conflicts_with = "no_database")]
    drift: bool,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report {
    /// Whether nothing failed.
    ok: bool,
    checks: Vec<Check>,
}

/// One thing that was checked.
#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
struct Check {
    name: &'static str,
    result: Verdict,
    /// What is wrong, why it was not checked, or what lint only warns of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Ok,
    Failed,
    Skipped,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    if args.drift {
        return drift::run(context).await;
    }
    let folder = migrations::read(&context.migrations())?;
    let mut checks = folder::checks(&folder);
    let road = context.road(None);
    branches::tell(&road, &folder, &mut checks).await;
    checks.push(entities(&road).await);
    checks.push(schema_sql(context, &road).await);
    checks.push(lint(context, &road).await);
    road.close().await?;
    checks.push(match args.no_database {
        true => Check::skipped("database", "left out with `--no-database`"),
        false => database(context).await,
    });
    let report = Report {
        ok: checks.iter().all(|check| check.result != Verdict::Failed),
        checks,
    };
    match context.terminal.format() {
        Format::Json => context.terminal.json(&report)?,
        Format::Text => context.terminal.result(&text(&report))?,
    }
    Ok(match report.ok {
        true => Exit::Done,
        false => Exit::Failed,
    })
}

async fn entities(road: &Road) -> Check {
    const NAME: &str = "entities = migrations";
    match compare(road, &all_migrations(), &Source::Entities).await {
        Ok(drift) if drift.is_none() => Check::ok(NAME),
        Ok(drift) => Check::failed(NAME, vec![drift.in_short()])
            .help("write the migration that is missing with `generate`"),
        Err(failure) => Check::not_done(NAME, failure),
    }
}

async fn schema_sql(context: &Context, road: &Road) -> Check {
    const NAME: &str = "schema.sql = migrations";
    let path = context.migrations().join("schema.sql");
    let rendered = async {
        let schema = road.schema(&all_migrations()).await?;
        Ok::<_, Failure>(generate::schema_sql(&schema)?)
    };
    let rendered = match rendered.await {
        Ok(rendered) => rendered,
        Err(failure) => return Check::not_done(NAME, failure),
    };
    let finding = match fs::read_to_string(&path) {
        Ok(text) if text == rendered => return Check::ok(NAME),
        Ok(text) => {
            let lines = text.lines().zip(rendered.lines());
            let same = lines.take_while(|(one, other)| one == other).count();
            format!(
                "`{}` differs from line {} on",
                context.relative(&path),
                same + 1
            )
        }
        Err(error) => format!("cannot read `{}`: {error}", context.relative(&path)),
    };
    Check::failed(NAME, vec![finding]).help("`rebase` writes it anew from the migrations")
}

async fn lint(context: &Context, road: &Road) -> Check {
    const NAME: &str = "lint";
    const HELP: &str = "`lint` shows each with its statement, and what to do about it";
    let report = match super::lint::everything(context, road).await {
        Ok(report) => report,
        Err(failure) => return Check::not_done(NAME, failure),
    };
    let errors: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| match (&finding.file, &finding.place) {
            (Some(file), Some(place)) => {
                format!(
                    "{file}:{}: {}: {}",
                    place.line, finding.code, finding.message
                )
            }
            (Some(file), None) => format!("{file}: {}: {}", finding.code, finding.message),
            (None, _) => format!("{}: {}: {}", finding.subject, finding.code, finding.message),
        })
        .collect();
    match (errors.is_empty(), report.warnings) {
        (false, _) => Check::failed(NAME, errors).help(HELP),
        (true, _) if report.unknown.is_some() => {
            Check::skipped(NAME, "the migrations or the entities make no schema")
        }
        (true, 0) => Check::ok(NAME),
        // To be weighed, which is no failure.
        (true, _) => Check {
            findings: vec![report.in_short()],
            ..Check::ok(NAME)
        },
    }
}

/// The database by its own account, if there is one that can be reached: none is started.
async fn database(context: &Context) -> Check {
    const NAME: &str = "database";
    let target = match target::existing(context).await {
        Ok(Some(target)) => target,
        Ok(None) => return Check::skipped(NAME, "the local server does not run"),
        Err(failure) => return Check::not_done(NAME, failure),
    };
    match connection::open(&target.url, "check").await {
        // It was only to see whether it can be reached.
        Ok(connection) => drop(connection.close().await),
        Err(error) => return Check::skipped(NAME, error.to_string()),
    }
    let compared = async {
        let standing = standing::read(context, &target).await?;
        let drift = differences::of_database(context, &target, &standing.status)
            .await?
            .drift;
        let edited = standing.status.migrations.iter().filter(|one| one.edited);
        let edited: Vec<String> = edited
            .map(|one| format!("`{}` was edited after it was applied", one.version))
            .collect();
        Ok::<_, Failure>((drift, edited))
    };
    match compared.await {
        Ok((drift, edited)) => {
            let mut findings = edited;
            if !drift.is_none() {
                findings.push(format!(
                    "not what {} make: {}",
                    drift.from,
                    drift.in_short()
                ));
            }
            match findings.is_empty() {
                true => Check {
                    findings: differences::ignored(&drift).into_iter().collect(),
                    ..Check::ok(NAME)
                },
                false => Check::failed(NAME, findings).help(
                    "`check --drift` shows the SQL both ways; what somebody changed by hand belongs into a \
                     migration, or is undone by hand",
                ),
            }
        }
        Err(failure) => Check::not_done(NAME, failure),
    }
}

impl Check {
    fn ok(name: &'static str) -> Self {
        Self {
            name,
            result: Verdict::Ok,
            findings: Vec::new(),
            help: None,
        }
    }

    fn failed(name: &'static str, findings: Vec<String>) -> Self {
        Self {
            result: Verdict::Failed,
            findings,
            ..Self::ok(name)
        }
    }

    fn skipped(name: &'static str, why: impl Into<String>) -> Self {
        Self {
            result: Verdict::Skipped,
            findings: vec![why.into()],
            ..Self::ok(name)
        }
    }

    /// It could not be told, which is no reason to call it right.
    fn not_done(name: &'static str, failure: Failure) -> Self {
        Self {
            help: failure.help.clone(),
            ..Self::failed(name, vec![failure.in_one_line()])
        }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

fn text(report: &Report) -> String {
    let mut rows = Vec::new();
    for check in &report.checks {
        let (style, word) = match check.result {
            Verdict::Ok => (style::GOOD, "ok"),
            Verdict::Failed => (style::ERROR, "failed"),
            Verdict::Skipped => (style::DIM, "skipped"),
        };
        let mut findings = check.findings.iter();
        rows.push(vec![
            format!("{style}{word}{style:#}"),
            check.name.to_owned(),
            findings.next().cloned().unwrap_or_default(),
        ]);
        rows.extend(findings.map(|one| vec![String::new(), String::new(), one.clone()]));
    }
    let names = &["result", "check", "finding"];
    let mut text = Table::new(names, rows).without_header().text();
    for check in &report.checks {
        if let (Verdict::Failed, Some(help)) = (check.result, &check.help) {
            let style = style::HELP;
            let line = format!("{style}help:{style:#} {}: {help}", check.name);
            text.push_str(&(wrapped(&line, 2, Stream::Stdout) + "\n"));
        }
    }
    text
}
