//! Findings as people read them.

use seachange_lint::{Finding, Severity};

use super::{Report, word};
use crate::terminal::look::{self, Stream};
use crate::terminal::{style, wrapped};

pub(super) fn text(report: &Report) -> String {
    let mut text: String = report.findings.iter().map(one).collect();
    text.push_str(&report.in_short());
    text.push('\n');
    text
}

fn one(finding: &Finding) -> String {
    let colour = match finding.severity {
        Severity::Error => style::ERROR,
        Severity::Warning => style::WARNING,
    };
    let (dim, help) = (style::DIM, style::HELP);
    let prose = |line: String| wrapped(&line, 2, Stream::Stdout) + "\n";
    let mut text = prose(format!(
        "{colour}{}:{colour:#} {}: {}",
        word(finding.severity),
        finding.code,
        finding.message
    ));
    let margin = if look::is_plain() { "" } else { "| " };
    match (&finding.file, &finding.place) {
        (Some(file), Some(place)) => {
            text.push_str(&prose(format!(
                "  {dim}at{dim:#} {file}:{}:{}",
                place.line, place.column
            )));
            for line in place.statement.lines().take(SHOWN) {
                text.push_str(&format!("  {dim}{margin}{dim:#}{line}\n"));
            }
            if place.statement.lines().count() > SHOWN {
                text.push_str(&format!("  {dim}{margin}…{dim:#}\n"));
            }
        }
        (Some(file), None) => text.push_str(&prose(format!("  {dim}at{dim:#} {file}"))),
        (None, _) => text.push_str(&prose(format!(
            "  {dim}declared:{dim:#} {}",
            finding.subject
        ))),
    }
    if let Some(impact) = &finding.impact {
        text.push_str(&prose(format!("  {dim}lock:{dim:#} {impact}")));
    }
    if !finding.help.is_empty() {
        text.push_str(&prose(format!("{help}help:{help:#} {}", finding.help)));
    }
    text.push('\n');
    text
}

/// How many lines of a statement are shown.
const SHOWN: usize = 6;
