//! Findings as GitLab's Code Quality report: a list of issues in JSON.

use seachange::migrations::text_hash;
use seachange_lint::{Finding, Severity};
use serde::Serialize;

use super::Report;
use crate::failure::Failure;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    /// The same for the same finding, so that GitLab tells new ones from old ones; a line's number is no part
    /// of it.
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

pub(super) fn text(report: &Report) -> Result<String, Failure> {
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    let issues: Vec<Issue<'_>> = report
        .findings
        .iter()
        .map(|finding| {
            let mut issue = issue(finding);
            let again = seen.entry(issue.fingerprint.clone()).or_default();
            *again += 1;
            if *again > 1 {
                issue.fingerprint = format!("{}-{again}", issue.fingerprint);
            }
            issue
        })
        .collect();
    serde_json::to_string_pretty(&issues)
        .map(|text| text + "\n")
        .map_err(|error| {
            Failure::new("the findings have no form in JSON")
                .help("this is a defect in Seachange: report it")
                .because(&error)
        })
}

fn issue(finding: &Finding) -> Issue<'_> {
    // GitLab wants a path; what entities declare lies in their package.
    let path = finding.file.as_deref().unwrap_or("entities");
    let statement = finding
        .place
        .as_ref()
        .map_or("", |place| place.statement.as_str());
    let subject = match (&finding.file, finding.subject.as_str()) {
        (None, subject) if !subject.is_empty() => format!("{subject}: "),
        _ => String::new(),
    };
    Issue {
        description: format!("{subject}{}; {}", finding.message, finding.help),
        check_name: finding.code,
        fingerprint: text_hash(&[
            ("code", finding.code),
            ("file", path),
            ("subject", &finding.subject),
            ("statement", statement),
        ]),
        severity: match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "minor",
        },
        location: Location {
            path,
            lines: Lines {
                begin: finding.place.as_ref().map_or(1, |place| place.line),
            },
        },
    }
}
