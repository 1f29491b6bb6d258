//! `-- seachange: allow <code>[, <code>]: reason`: above a statement for that statement, or above a blank line in the
//! file's header for the whole file.

use crate::file::Read;
use crate::lint::{Linted, finding};
use crate::rules::{self, Note, Rule};

const MARK: &str = "-- seachange: allow ";

/// What the comments of a file allow.
pub(crate) struct Allowances {
    all: Vec<Allowance>,
}

struct Allowance {
    start: usize,
    codes: Vec<String>,
    reason: String,
    /// The statement that it is about; none for the file.
    over: Option<(usize, usize)>,
    used: bool,
}

impl Allowances {
    pub(crate) fn of(read: &Read<'_>) -> Self {
        let all = read.comments.iter().filter_map(|comment| {
            let said = comment.text.trim_end().strip_prefix(MARK)?;
            let (codes, reason) = said.split_once(':').unwrap_or((said, ""));
            Some(Allowance {
                start: comment.start,
                codes: codes
                    .split(',')
                    .map(|code| code.trim().to_owned())
                    .collect(),
                reason: reason.trim().to_owned(),
                over: over(read, comment.start),
                used: false,
            })
        });
        Self { all: all.collect() }
    }

    /// The findings, and those that are allowed.
    pub(crate) fn sorted(mut self, read: &Read<'_>, notes: Vec<(&Rule, Note)>) -> Linted {
        let mut linted = Linted::default();
        for (rule, note) in notes {
            let mut allowed = false;
            for one in &mut self.all {
                let there = match (one.over, note.start) {
                    (None, _) => true,
                    (Some((start, end)), Some(at)) => (start..end).contains(&at),
                    (Some(_), None) => false,
                };
                if there && one.codes.iter().any(|code| code == rule.code) {
                    one.used = true;
                    allowed = true;
                }
            }
            let finding = finding(read, rule, note);
            match allowed {
                true => linted.allowed.push(finding),
                false => linted.findings.push(finding),
            }
        }
        let about = &rules::allow_comment::RULE;
        let odd = self.all.iter().filter_map(Allowance::oddity);
        linted
            .findings
            .extend(odd.map(|note| finding(read, about, note)));
        linted.findings.sort_by_key(|it| {
            let place = it.place.as_ref();
            place.map(|place| (place.line, place.column))
        });
        linted
    }
}

impl Allowance {
    /// What is wrong with the comment itself.
    fn oddity(&self) -> Option<Note> {
        let unknown = self.codes.iter().find(|code| rules::rule(code).is_none());
        let message = if let Some(code) = unknown {
            format!("`{code}` is no rule")
        } else if self.reason.is_empty() {
            "allows without a reason".to_owned()
        } else if !self.used {
            format!("nothing here is `{}`", self.codes.join("`, `"))
        } else {
            return None;
        };
        Some(Note::new(self.start, self.codes.join(", "), message).help(
            "write `-- seachange: allow <code>: <reason>` above the statement, or take it out",
        ))
    }
}

/// The statement right below a comment; none where a blank line is between, in the header.
fn over(read: &Read<'_>, comment: usize) -> Option<(usize, usize)> {
    let next = read
        .statements
        .iter()
        .find(|statement| statement.node.end > comment)?;
    let first = read
        .statements
        .first()
        .is_some_and(|first| first.node.start == next.node.start);
    if next.node.start < comment {
        // Inside a statement, or behind it on its line.
        return Some((next.node.start, next.node.end));
    }
    let between = &read.file.text[comment..next.node.start];
    // The last part is what stands before the statement on its own line.
    let mut lines = between.split('\n').rev().skip(1);
    let blank = lines.any(|line| line.trim().is_empty());
    match first && blank {
        true => None,
        false => Some((next.node.start, next.node.end)),
    }
}
