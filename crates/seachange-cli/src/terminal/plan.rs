//! A plan as people read it: sign, object, risk word, the exact SQL, and what to know about it. SQL is never broken:
//! whoever copies it from the screen has it as it is.

use seachange_schema::plan::{Risk, Step, Verb};
use seachange_schema::{Plan, script};

use super::look::{self, Stream};
use super::{style, wrapped};
use crate::sizes::Sizes;

/// The whole plan, coloured; anstream takes the colours away where there are none.
pub(crate) fn text(plan: &Plan) -> String {
    text_for(plan, &Sizes::default())
}

/// The same for a live database: what a step meets in it.
pub(crate) fn text_for(plan: &Plan, sizes: &Sizes) -> String {
    let mut text = String::new();
    for (at, phase) in plan.phases.iter().enumerate() {
        if plan.phases.len() > 1 {
            text.push_str(&format!(
                "transaction {} of {}:\n",
                at + 1,
                plan.phases.len()
            ));
        }
        for step in &phase.steps {
            add_step(&mut text, step, sizes);
        }
    }
    let refusal = style::ERROR;
    for refused in &plan.refusals {
        let sign = if look::is_plain() {
            "can't be planned:"
        } else {
            "!"
        };
        let line = format!(
            "{refusal}{sign} {}{refusal:#}: {}",
            refused.object, refused.reason
        );
        text.push_str(&(prose(&line, 2) + "\n"));
    }
    text.trim_end().to_owned()
}

fn add_step(text: &mut String, step: &Step, sizes: &Sizes) {
    let sign = match step.verb.sign() {
        '+' => style::ADDED,
        '-' => style::REMOVED,
        _ => style::CHANGED,
    };
    let risk = match step.risk() {
        Risk::Safe => style::GOOD,
        Risk::Lock | Risk::Rewrite => style::WARNING,
        Risk::DataLoss => style::ERROR,
    };
    let dim = style::DIM;
    let line = format!(
        "{sign}{} {}{sign:#} {risk}{}{risk:#}",
        marked(step.verb),
        step.summary,
        match look::is_plain() {
            true => format!("({})", step.risk().word()),
            false => step.risk().word().to_owned(),
        }
    );
    text.push_str(&(prose(&line, 2) + "\n"));
    for impact in &step.impacts {
        text.push_str(&(prose(&format!("    {dim}{impact}{dim:#}"), 6) + "\n"));
        if let Some(live) = sizes.live(impact) {
            let words = live.words();
            text.push_str(&(prose(&format!("    {dim}{words}{dim:#}"), 6) + "\n"));
        }
    }
    for statement in &step.statements {
        for line in format!("{statement};").lines() {
            text.push_str(&format!("    {dim}{line}{dim:#}\n"));
        }
    }
    let mark = if look::is_plain() { "hazard" } else { "!" };
    for hazard in &step.hazards {
        let line = format!("    {risk}{mark}{risk:#} {}", script::hazard_line(hazard));
        text.push_str(&(prose(&line, 6) + "\n"));
    }
}

/// Plans are notes, so they go to stderr.
fn prose(line: &str, indent: usize) -> String {
    wrapped(line, indent, Stream::Stderr)
}

/// The sign of what is done, or its word.
fn marked(verb: Verb) -> String {
    match (look::is_plain(), verb) {
        (false, verb) => verb.sign().to_string(),
        (true, Verb::Create) => "create".to_owned(),
        (true, Verb::Alter) => "change".to_owned(),
        (true, Verb::Rename) => "rename".to_owned(),
        (true, Verb::Drop) => "drop".to_owned(),
    }
}

/// A line that begins with a sign, as `script::line` makes it, or comments of SQL with such lines; in words where they
/// are wanted.
pub(crate) fn told(lines: &str) -> String {
    match look::is_plain() {
        true => in_words(lines),
        false => lines.to_owned(),
    }
}

fn in_words(lines: &str) -> String {
    let word = |line: &str| {
        let (before, rest) = match line.strip_prefix("-- ") {
            Some(rest) => ("-- ", rest),
            None => ("", line),
        };
        for (sign, word) in [("+ ", "create"), ("~ ", "change"), ("- ", "drop")] {
            if let Some(rest) = rest.strip_prefix(sign) {
                return format!("{before}{word} {rest}");
            }
        }
        line.to_owned()
    };
    lines.split('\n').map(word).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn a_sign_is_told_by_its_word() {
        assert_eq!(
            in_words("+ table boats (safe)"),
            "create table boats (safe)"
        );
        assert_eq!(
            in_words("-- - column a.b (data loss)\n--     ACCESS EXCLUSIVE\nSELECT 1 - 2;\n"),
            "-- drop column a.b (data loss)\n--     ACCESS EXCLUSIVE\nSELECT 1 - 2;\n"
        );
    }
}
