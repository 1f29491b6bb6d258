//! Findings as case files have them.

use seachange_lint::Finding;

pub(super) fn findings(found: &[(&str, Finding)]) -> String {
    found.iter().map(|(of, finding)| one(of, finding)).collect()
}

fn one(of: &str, finding: &Finding) -> String {
    let place = match &finding.place {
        Some(place) => format!("{of} {}:{}", place.line, place.column),
        None => of.to_owned(),
    };
    let mut text = format!(
        "{place} {} {}{}: {}\n",
        finding.severity.word(),
        finding.code,
        match finding.subject.as_str() {
            "" => String::new(),
            subject => format!(" {subject}"),
        },
        finding.message
    );
    if let Some(impact) = &finding.impact {
        text.push_str(&format!(
            "    {} on {}: {} wait; {}\n",
            impact.lock.name(),
            impact.tables.join(", "),
            impact.blocks,
            impact.work.words()
        ));
    }
    if !finding.help.is_empty() {
        text.push_str(&format!("    help: {}\n", finding.help));
    }
    text
}
