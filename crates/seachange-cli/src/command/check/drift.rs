//! `check --drift`: the live database against what its applied migrations make, and nothing else. For
//! CI and cron: 0 when they agree, 2 when they don't, 1 when it could not be told.

use serde::Serialize;

use crate::context::Context;
use crate::drift::{self, Drift};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::standing;
use crate::target::{self, Shown};
use crate::terminal::{Format, style};

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(in crate::command) struct Report {
    target: Shown,
    /// Whether the database is not what its migrations say.
    drifted: bool,
    /// Applied migrations that are not what was applied: what they say may not be what was meant.
    edited: Vec<String>,
    #[serde(flatten)]
    drift: Drift,
}

pub(super) async fn run(context: &Context) -> Result<Exit, Failure> {
    let target = target::existing(context).await?.ok_or_else(|| {
        Failure::new("the local server does not run, so nothing can be told of its database")
            .help("start it with `start`, or name a database with --database-url or DATABASE_URL")
    })?;
    context.terminal.note(target.described());
    let standing = standing::read(context, &target).await?;
    let drift = drift::of_database(context, &target, &standing.status)
        .await?
        .drift;
    let edited = standing.status.migrations.iter().filter(|one| one.edited);
    let report = Report {
        target: target.shown(),
        drifted: !drift.is_none(),
        edited: edited.map(|one| one.version.clone()).collect(),
        drift,
    };
    match context.terminal.format() {
        Format::Json => context.terminal.json(&report)?,
        Format::Text => {
            for version in &report.edited {
                context.terminal.note(format!(
                    "`{version}` was edited after it was applied: the database is compared with what it says now"
                ));
            }
            context.terminal.result(&text(context, &report))?;
        }
    }
    Ok(match report.drifted {
        true => Exit::Different,
        false => Exit::Done,
    })
}

fn text(context: &Context, report: &Report) -> String {
    let drift = &report.drift;
    let (good, changed) = (style::GOOD, style::CHANGED);
    let mut text = match report.drifted {
        false => format!("{good}in sync{good:#} with {}\n", drift.from),
        true => format!(
            "{changed}not in sync{changed:#} with {}: {}\n",
            drift.from,
            drift.in_short()
        ),
    };
    if let Some(line) = drift::ignored(drift) {
        text.push_str(&format!("{line}\n"));
    }
    if context.options.verbose > 0 {
        text.extend(drift.ignored.iter().map(|line| format!("  {line}\n")));
        text.push_str(&drift::idle(drift));
    }
    if report.drifted {
        text.push('\n');
        text.push_str(&drift::in_full(drift));
    }
    text
}
