//! Versions of migrations: a page has those of the day on which it was written, a walk makes its own. By
//! their names one is known as the other.

use std::collections::BTreeMap;

/// Both sides by what follows the time.
pub(super) struct Versions {
    on_page: BTreeMap<String, String>,
    real: BTreeMap<String, String>,
}

impl Versions {
    /// Those of a page, the first where there are several with one name.
    pub(super) fn of(page: &str) -> Self {
        let mut on_page = BTreeMap::new();
        for (stamp, name) in found(page) {
            on_page.entry(name.to_owned()).or_insert(stamp.to_owned());
        }
        Self {
            on_page,
            real: BTreeMap::new(),
        }
    }

    /// Takes note of what a command made.
    pub(super) fn learn(&mut self, output: &str) {
        for (stamp, name) in found(output) {
            self.real.insert(name.to_owned(), stamp.to_owned());
        }
    }

    /// A text of the page as it is on this walk.
    pub(super) fn real(&self, text: &str) -> String {
        replaced(text, &self.real)
    }

    /// What was printed as the page has it.
    pub(super) fn shown(&self, text: &str) -> String {
        replaced(text, &self.on_page)
    }
}

fn replaced(text: &str, stamps: &BTreeMap<String, String>) -> String {
    let mut new = text.to_owned();
    for (stamp, name) in found(text) {
        if let Some(known) = stamps.get(name) {
            new = new.replace(&format!("{stamp}{name}"), &format!("{known}{name}"));
        }
    }
    new
}

/// `m20261123_001222_` and `initial_schema`, wherever they stand.
fn found(text: &str) -> Vec<(&str, &str)> {
    const STAMP: &str = "m00000000_000000_";
    let places = text.match_indices('m').filter_map(|(at, _)| {
        let stamp = text.get(at..at + STAMP.len())?;
        let digits = |it: char| if it.is_ascii_digit() { '0' } else { it };
        let rest = &text[at + STAMP.len()..];
        let end = rest
            .find(|it: char| !it.is_ascii_alphanumeric() && it != '_')
            .unwrap_or(rest.len());
        (stamp.chars().map(digits).eq(STAMP.chars()) && end > 0).then_some((stamp, &rest[..end]))
    });
    places.collect()
}
