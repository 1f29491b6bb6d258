//! Findings as people read them.

use seachange_lint::{Finding, Severity};

use super::{Report, word};
use crate::terminal::style;

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
    let mut text = format!(
        "{colour}{}:{colour:#} {}: {}\n",
        word(finding.severity),
        finding.code,
        finding.message
    );
    match (&finding.file, &finding.place) {
        (Some(file), Some(place)) => {
            text.push_str(&format!(
                "  {dim}at{dim:#} {file}:{}:{}\n",
                place.line, place.column
            ));
            for line in place.statement.lines().take(SHOWN) {
                text.push_str(&format!("  {dim}|{dim:#} {line}\n"));
            }
            if place.statement.lines().count() > SHOWN {
                text.push_str(&format!("  {dim}| …{dim:#}\n"));
            }
        }
        (Some(file), None) => text.push_str(&format!("  {dim}at{dim:#} {file}\n")),
        (None, _) => text.push_str(&format!("  {dim}declared:{dim:#} {}\n", finding.subject)),
    }
    if let Some(impact) = &finding.impact {
        text.push_str(&format!("  {dim}lock:{dim:#} {impact}\n"));
    }
    if !finding.help.is_empty() {
        text.push_str(&format!("{help}help:{help:#} {}\n", finding.help));
    }
    text.push('\n');
    text
}

/// How many lines of a statement are shown.
const SHOWN: usize = 6;
