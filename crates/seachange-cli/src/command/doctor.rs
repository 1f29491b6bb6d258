//! `doctor`: what was found on this machine, and what to do about what is wrong.

use seachange::server::{self, Finding, Verdict};
use seachange::{Help, connection};
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target;
use crate::terminal::look::Stream;
use crate::terminal::{Format, Table, style, wrapped};

/// Show what the local servers and the connection depend on
#[derive(clap::Args)]
pub(crate) struct Args {}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report {
    /// Whether nothing is bad.
    healthy: bool,
    findings: Vec<Shown>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
struct Shown {
    topic: String,
    found: String,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

pub(crate) async fn run(context: &Context, _: Args) -> Result<Exit, Failure> {
    let settings = context.server();
    let mut findings: Vec<Shown> =
        target::blocking(move || Ok::<_, Failure>(server::doctor(&settings)))
            .await?
            .into_iter()
            .map(Shown::from)
            .collect();
    findings.push(database(context).await);
    let report = Report {
        healthy: findings.iter().all(|finding| finding.verdict != "bad"),
        findings,
    };
    match context.terminal.format() {
        Format::Json => context.terminal.json(&report)?,
        Format::Text => context.terminal.result(&text(&report))?,
    }
    Ok(match report.healthy {
        true => Exit::Done,
        false => Exit::Failed,
    })
}

/// The database that commands would work on; nothing is started to look at it.
async fn database(context: &Context) -> Shown {
    let (found, verdict, help) = match target::existing(context).await {
        Ok(Some(target)) => match connection::open(&target.url, "doctor").await {
            Ok(_) => (target.described(), "good", None),
            // The local server makes it when it is needed.
            Err(error)
                if matches!(target.origin, target::Origin::Managed(_))
                    && error.sqlstate() == Some("3D000") =>
            {
                (
                    target.described() + ", made when it is needed",
                    "good",
                    None,
                )
            }
            Err(error) => (format!("{error} ({})", target.origin), "bad", error.help()),
        },
        Ok(None) => {
            let name = context.project.name;
            let text = format!("{name} in the local server, which is started when it is needed");
            (text, "good", None)
        }
        Err(failure) => (failure.in_one_line(), "bad", failure.help),
    };
    Shown {
        topic: "database".to_owned(),
        found,
        verdict,
        help,
    }
}

impl From<Finding> for Shown {
    fn from(finding: Finding) -> Self {
        Self {
            topic: finding.topic,
            found: finding.found,
            verdict: match finding.verdict {
                Verdict::Good => "good",
                Verdict::Warning => "warning",
                Verdict::Bad => "bad",
            },
            help: finding.help,
        }
    }
}

fn text(report: &Report) -> String {
    let rows = report.findings.iter().map(|finding| {
        let style = match finding.verdict {
            "good" => style::GOOD,
            "warning" => style::WARNING,
            _ => style::ERROR,
        };
        vec![
            format!("{style}{}{style:#}", finding.verdict),
            finding.topic.clone(),
            finding.found.clone(),
        ]
    });
    let names = &["verdict", "topic", "found"];
    let mut text = Table::new(names, rows.collect()).without_header().text();
    for finding in &report.findings {
        if let ("warning" | "bad", Some(help)) = (finding.verdict, &finding.help) {
            let style = style::HELP;
            let line = format!("{style}help:{style:#} {}: {help}", finding.topic);
            text.push_str(&(wrapped(&line, 2, Stream::Stdout) + "\n"));
        }
    }
    text
}
