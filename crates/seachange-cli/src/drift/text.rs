//! What differs, for people: as SQL both ways, and what was overlooked.

use std::fmt::Write;

use super::{Drift, Way};
use crate::configuration::FILE;
use crate::terminal::plan::told;
use crate::terminal::style;

/// `1 difference`, `3 differences`.
pub(super) fn count(number: usize) -> String {
    match number {
        1 => "1 difference".to_owned(),
        _ => format!("{number} differences"),
    }
}

/// `3 differences ignored by seachange.toml`, if there are any.
pub(crate) fn ignored(drift: &Drift) -> Option<String> {
    let number = drift.ignored.len();
    (number > 0).then(|| format!("{} ignored by {FILE}", count(number)))
}

/// A line for each rule that overlooks nothing.
pub(crate) fn idle(drift: &Drift) -> String {
    let rules = drift.idle_rules.iter();
    rules
        .map(|rule| format!("`{rule}` of {FILE} ignores nothing\n"))
        .collect()
}

/// The statements of both ways, each with what it does and risks.
pub(crate) fn in_full(drift: &Drift) -> String {
    let mut text = String::new();
    let (from, to) = (other(&drift.from), &drift.to);
    match &drift.back {
        Some(back) => {
            add(&mut text, back, &format!("takes the {to} back to {from}"));
            text.push('\n');
            let title = format!("makes {from} into the {to}: what belongs into a migration");
            add(&mut text, &drift.way, &title);
        }
        None => add(&mut text, &drift.way, &format!("from {from} to {to}")),
    }
    if !drift.renames.is_empty() {
        text.push('\n');
    }
    for rename in &drift.renames {
        let _ = writeln!(
            text,
            "-- perhaps a rename, in which case the above loses rows and `diff --rename` does not: {rename}"
        );
    }
    text
}

fn add(text: &mut String, way: &Way, title: &str) {
    let dim = style::DIM;
    let _ = writeln!(text, "{dim}-- {title}{dim:#}");
    text.push_str(&told(&way.script()));
}

/// A source in a sentence.
fn other(from: &str) -> &str {
    match from {
        "empty" => "an empty database",
        from => from,
    }
}
