//! The folder has migrations: those whose work the database has are recorded, if its schema says so.

use seachange::baseline::{self, Place};
use seachange::ignore::Rules;
use seachange::runner::State;
use seachange::source::{Road, Source};

use super::report::{Outcome, Report};
use super::{Args, Found, consent, record};
use crate::context::Context;
use crate::drift;
use crate::failure::Failure;
use crate::target::Target;

pub(super) async fn adopt(
    context: &Context,
    road: &Road,
    rules: &Rules,
    args: &Args,
    target: &Target,
    found: Found,
) -> Result<Report, Failure> {
    let migrations = &found.standing.folder.migrations;
    let all: Vec<String> = migrations.iter().map(|one| one.version.clone()).collect();
    let is_applied = |version: &String| {
        let mut standings = found.standing.status.migrations.iter();
        standings.any(|one| one.version == *version && one.state == State::Applied)
    };
    // What is recorded is not taken back by a schema that looks older.
    let known = all.iter().rposition(is_applied);
    let version = match &args.to {
        Some(asked) => road.version(asked)?,
        None => {
            match baseline::place(road, &found.live, rules, &all[known.unwrap_or(0)..]).await? {
                Place::At(version) => version,
                Place::AnyOf(versions) if versions.iter().all(is_applied) => versions[0].clone(),
                Place::AnyOf(versions) => return Err(alike(&versions)),
                Place::Nowhere { nearest } => {
                    return Err(differs(context, road, rules, &found, &nearest).await?.help(
                    "undo the difference, write a migration for it, or ignore it in `seachange.toml`; \
                     `--to VERSION --allow-drift` records it as it is",
                ));
                }
            }
        }
    };
    if let Some(newest) = known.map(|at| &all[at])
        && *newest > version
    {
        return Err(Failure::new(format!(
            "`{newest}` is recorded as applied, and comes after `{version}`"
        ))
        .help("`rollback` takes back what is applied; baseline records what is not"));
    }
    let drifted = of(road, rules, &found, &version).await?;
    if !drifted.is_none() && !args.allow_drift {
        let mut failure = differs(context, road, rules, &found, &version).await?;
        failure.missing = vec!["--allow-drift".to_owned()];
        return Err(failure.help(
            "undo the difference, name another version, or ignore it in `seachange.toml`; \
             `--allow-drift` records it as it is",
        ));
    }

    let mut report = Report::new(target, &found.old);
    report.stands_at = Some(version.clone());
    report.differences = drifted.differences;
    report.ignored = drifted.ignored.len();
    report.recorded = all
        .into_iter()
        .filter(|one| *one <= version && !is_applied(one))
        .collect();
    if report.recorded.is_empty() && found.old.is_empty() {
        report.outcome = Outcome::Nothing;
        return Ok(report);
    }
    if args.dry_run {
        report.outcome = Outcome::WouldBe;
        return Ok(report);
    }
    let what = match report.recorded.len() {
        0 => "put the records in order".to_owned(),
        1 => format!("record `{version}` as applied"),
        number => format!("record {number} migrations up to `{version}` as applied"),
    };
    consent(context, args, target, &what)?;
    record(context, target, &found, &report.recorded).await?;
    Ok(report)
}

/// How the database differs from a version.
async fn of(
    road: &Road,
    rules: &Rules,
    found: &Found,
    version: &str,
) -> Result<drift::Drift, Failure> {
    let source = Source::Migrations {
        upto: Some(version.to_owned()),
    };
    let expected = road.schema(&source).await?;
    let live = road.of_live(&found.live, &expected);
    let mut drift = drift::of_live(&expected, &live, rules);
    drift.from = source.to_string();
    drift.to = Source::Database.to_string();
    Ok(drift)
}

async fn differs(
    context: &Context,
    road: &Road,
    rules: &Rules,
    found: &Found,
    version: &str,
) -> Result<Failure, Failure> {
    let drift = of(road, rules, found, version).await?;
    if !context.terminal.is_json() {
        context.terminal.note(drift::in_full(&drift));
    }
    let mut failure = Failure::refused(
        format!(
            "the database is not what `{version}` makes: {}",
            drift.in_short()
        ),
        Vec::new(),
    )
    .help("undo the difference, or write a migration for it");
    if let Some(ignored) = drift::ignored(&drift) {
        failure.causes.push(ignored);
    }
    Ok(failure)
}

/// A migration that changes rows alone leaves no trace in a schema.
fn alike(versions: &[String]) -> Failure {
    let flags: Vec<String> = versions.iter().map(|one| format!("--to {one}")).collect();
    let names: Vec<String> = versions.iter().map(|one| format!("`{one}`")).collect();
    let mut failure = Failure::refused(
        format!(
            "the database has the schema of {}, which differ in no schema, so which of them ran can't be told",
            names.join(" and of ")
        ),
        Vec::new(),
    )
    .help(format!("say which was the last with `{}`", flags.join("` or `")));
    failure.missing = vec!["--to VERSION".to_owned()];
    failure
}
