//! Findings as the workflow commands that GitHub makes annotations of.

use seachange_lint::Finding;

use super::{Report, word};

pub(super) fn text(report: &Report) -> String {
    let mut text: String = report.findings.iter().map(one).collect();
    text.push_str(&report.in_short());
    text.push('\n');
    text
}

fn one(finding: &Finding) -> String {
    let mut properties = Vec::new();
    if let Some(file) = &finding.file {
        properties.push(format!("file={}", property(file)));
    }
    if let Some(place) = &finding.place {
        properties.push(format!("line={}", place.line));
        properties.push(format!("endLine={}", place.end_line));
        properties.push(format!("col={}", place.column));
    }
    properties.push(format!("title={}", property(finding.code)));
    let mut message = match (&finding.file, finding.subject.as_str()) {
        (None, subject) if !subject.is_empty() => format!("{subject}: {}", finding.message),
        _ => finding.message.clone(),
    };
    if !finding.help.is_empty() {
        message.push_str(&format!("\nhelp: {}", finding.help));
    }
    format!(
        "::{} {}::{}\n",
        word(finding.severity),
        properties.join(","),
        data(&message)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_github_is_escaped() {
        assert_eq!(data("100 %\nmore"), "100 %25%0Amore");
        assert_eq!(property("a,b:c"), "a%2Cb%3Ac");
    }
}
