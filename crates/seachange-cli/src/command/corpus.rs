//! `corpus`: holds the engine, and what its steps say that they cost, against a folder of schema changes, both ways,
//! and counts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use futures_util::StreamExt;
use seachange::corpus::{self, Case, Outcome, Verdict};
use seachange_schema::plan::Mode;
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::Table;

/// Run every {setup,old,new}.sql below a folder through the engine, both ways
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder; each case is a folder of its own in it, however deep
    folder: PathBuf,
    /// Only cases whose name holds this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// How many at once
    #[arg(long, default_value_t = 4)]
    jobs: usize,
    /// As if every table were in use
    #[arg(long)]
    online: bool,
    /// Show the plan of every case that is not right, and the steps that cost what they don't say
    #[arg(long)]
    sql: bool,
}

#[derive(Default, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
struct Count {
    cases: usize,
    forward: usize,
    back: usize,
    refused: usize,
    wrong: usize,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report {
    total: Count,
    classes: BTreeMap<String, Count>,
    failures: Vec<Failed>,
    hazards: Hazards,
}

/// What was measured of the locks, rewrites, index builds and scans that the steps name.
#[derive(Default, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
struct Hazards {
    steps: usize,
    wrong: Vec<Claim>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
struct Claim {
    case: String,
    step: String,
    statements: Vec<String>,
    why: String,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
struct Failed {
    case: String,
    direction: &'static str,
    verdict: &'static str,
    why: String,
}

impl Report {
    /// The cases that are not right in one direction or both.
    fn not_right(&self) -> usize {
        let cases = self.failures.iter().map(|failure| &failure.case);
        cases.collect::<BTreeSet<_>>().len()
    }
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let mut cases = corpus::cases(&args.folder).map_err(|error| {
        Failure::new(format!("`{}` can't be read", args.folder.display()))
            .help("name a folder that this user may read, with a case in each folder below it")
            .because(&error)
    })?;
    if let Some(only) = &args.only {
        cases.retain(|case| case.name.contains(only));
    }
    if cases.is_empty() {
        return Err(
            Failure::new(format!("no case below `{}`", args.folder.display()))
                .help("a case is a folder with `old.sql` and `new.sql`"),
        );
    }
    let road = context.road(None);
    let scratch = road.scratch();
    // The first one starts the server, so that the others find it.
    scratch.version().await?;
    let mode = match args.online {
        true => Mode::Online,
        false => Mode::Offline,
    };
    let mut outcomes: Vec<(usize, &Case, Outcome)> = Vec::new();
    let mut running = futures_util::stream::iter(cases.iter().enumerate())
        .map(|(at, case)| async move { (at, case, corpus::run(scratch, case, mode).await) })
        .buffer_unordered(args.jobs.max(1));
    while let Some((at, case, outcome)) = running.next().await {
        outcomes.push((at, case, outcome?));
    }
    drop(running);
    outcomes.sort_by_key(|(at, _, _)| *at);
    let report = counted(&outcomes);
    if context.terminal.is_json() {
        context.terminal.json(&report)?;
    } else {
        context
            .terminal
            .result(&text(&report, &outcomes, args.sql))?;
    }
    let right = report.failures.is_empty() && report.hazards.wrong.is_empty();
    road.close().await?;
    Ok(if right { Exit::Done } else { Exit::Failed })
}

fn counted(outcomes: &[(usize, &Case, Outcome)]) -> Report {
    let mut report = Report {
        total: Count::default(),
        classes: BTreeMap::new(),
        failures: Vec::new(),
        hazards: Hazards::default(),
    };
    for (_, case, outcome) in outcomes {
        count(&mut report.total, outcome);
        for class in &case.classes {
            count(report.classes.entry(class.clone()).or_default(), outcome);
        }
        report.hazards.steps += outcome.hazards.steps;
        let wrong = outcome.hazards.wrong.iter().map(|wrong| Claim {
            case: case.name.clone(),
            step: wrong.step.clone(),
            statements: wrong.statements.clone(),
            why: wrong.why.clone(),
        });
        report.hazards.wrong.extend(wrong);
        for (direction, verdict) in [("forward", &outcome.forward), ("back", &outcome.back)] {
            let (verdict, why) = match verdict {
                Verdict::Right => continue,
                Verdict::Unbuildable(why) => ("unbuildable", why),
                Verdict::Refused(why) => ("refused", why),
                Verdict::Wrong(why) => ("wrong", why),
            };
            report.failures.push(Failed {
                case: case.name.clone(),
                direction,
                verdict,
                why: why.clone(),
            });
        }
    }
    report
}

fn count(count: &mut Count, outcome: &Outcome) {
    count.cases += 1;
    for (verdict, right) in [
        (&outcome.forward, &mut count.forward),
        (&outcome.back, &mut count.back),
    ] {
        match verdict {
            Verdict::Right => *right += 1,
            Verdict::Refused(_) => count.refused += 1,
            Verdict::Wrong(_) | Verdict::Unbuildable(_) => count.wrong += 1,
        }
    }
}

fn text(report: &Report, outcomes: &[(usize, &Case, Outcome)], sql: bool) -> String {
    let mut text = String::new();
    for failure in &report.failures {
        text.push_str(&format!(
            "{} {} {}: {}\n",
            failure.verdict, failure.direction, failure.case, failure.why
        ));
    }
    for claim in &report.hazards.wrong {
        text.push_str(&format!(
            "said wrongly {}: {}: {}\n",
            claim.case, claim.step, claim.why
        ));
    }
    if sql {
        for claim in &report.hazards.wrong {
            let statements = claim.statements.join(";\n");
            text.push_str(&format!(
                "\n-- {}, {}\n{statements}\n",
                claim.case, claim.step
            ));
        }
        for (_, case, outcome) in outcomes {
            if outcome.forward != Verdict::Right || outcome.back != Verdict::Right {
                text.push_str(&format!("\n-- {}\n{}", case.name, outcome.sql));
            }
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    let row = |name: &str, count: &Count| {
        vec![
            name.to_owned(),
            count.cases.to_string(),
            count.forward.to_string(),
            count.back.to_string(),
            count.refused.to_string(),
            count.wrong.to_string(),
        ]
    };
    let mut rows: Vec<Vec<String>> = report
        .classes
        .iter()
        .map(|(name, count)| row(name, count))
        .collect();
    rows.push(row("all", &report.total));
    let names = &["class", "cases", "forward", "back", "refused", "wrong"];
    text.push_str(&Table::new(names, rows).text());
    text.push_str(&summary(report));
    text
}

fn summary(report: &Report) -> String {
    let Hazards { steps, wrong } = &report.hazards;
    let both = report.total.cases - report.not_right();
    format!(
        "\n{both} of {} right both ways, {} ways refused, {} wrong; hazards measured: {steps} steps, {} said wrongly\n",
        report.total.cases,
        report.total.refused,
        report.total.wrong,
        wrong.len()
    )
}
