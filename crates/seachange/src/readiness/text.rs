//! Two schemas as text, statement by statement. Pure.

use std::collections::BTreeSet;

use super::Drift;
use crate::connection::statements;

/// The lines of a statement that are shown.
const SHOWN: usize = 3;
/// What `schema.sql` says of what it can't say.
const NOT_WRITTEN: &str = "-- not written here: ";
/// What PostgreSQL keeps as a tree and writes in words of its own, which change with its versions.
const IN_ITS_WORDS: [&str; 5] = [
    "CREATE VIEW",
    "CREATE OR REPLACE VIEW",
    "CREATE MATERIALIZED VIEW",
    "CREATE RULE",
    "CREATE OR REPLACE RULE",
];

/// Statements that only one of the two has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) missing: Vec<String>,
    pub(super) besides: Vec<String>,
    /// Both have one of this head; the first is the expected one.
    pub(super) others: Vec<(String, String)>,
}

pub(super) fn difference(expected: &str, live: &str) -> Difference {
    let (expected, live) = (parts(expected), parts(live));
    let has: BTreeSet<&str> = live.iter().copied().collect();
    let wants: BTreeSet<&str> = expected.iter().copied().collect();
    let missing = expected.into_iter().filter(|part| !has.contains(part));
    let mut besides: Vec<&str> = live
        .into_iter()
        .filter(|part| !wants.contains(part))
        .collect();
    let mut found = Difference::default();
    for part in missing {
        match besides.iter().position(|other| head(other) == head(part)) {
            Some(at) => found
                .others
                .push((part.to_owned(), besides.remove(at).to_owned())),
            None => found.missing.push(part.to_owned()),
        }
    }
    found.besides = besides.into_iter().map(str::to_owned).collect();
    found
}

impl Difference {
    pub(super) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn told(&self) -> Drift {
        let short = |part: &String| format!("`{}`", head(part));
        let mut differences: Vec<String> = Vec::new();
        differences.extend(self.missing.iter().map(|part| short(part) + " is missing"));
        differences.extend((self.besides.iter()).map(|part| short(part) + " is there besides"));
        let mut unsure = Vec::new();
        for (expected, live) in &self.others {
            let line = format!("{}: {}", short(expected), inside(expected, live));
            match IN_ITS_WORDS.iter().any(|words| expected.starts_with(words)) {
                true => unsure.push(line),
                false => differences.push(line),
            }
        }
        Drift::Compared {
            differences,
            unsure,
        }
    }
}

fn parts(text: &str) -> Vec<&str> {
    let noted = text.lines().filter(|line| line.starts_with(NOT_WRITTEN));
    let statements = statements(text).into_iter().map(|one| one.text.trim());
    statements
        .filter(|text| !text.starts_with("SET LOCAL "))
        .chain(noted)
        .collect()
}

/// What a statement makes: `CREATE TABLE "users"`.
fn head(statement: &str) -> &str {
    let line = statement.lines().next().unwrap_or_default();
    let ends = [" (", " AS", " USING"].iter();
    match ends.filter_map(|end| line.find(end)).min() {
        // An index is told by all of it: another one is another.
        Some(at) if !line.contains(" INDEX ") => &line[..at],
        _ => line.trim_end_matches('('),
    }
}

/// The lines that only one of them has.
fn inside(expected: &str, live: &str) -> String {
    let lines = |text: &str| -> Vec<String> {
        let lines = text.lines().map(|line| line.trim().trim_end_matches(','));
        lines.map(str::to_owned).collect()
    };
    let (wanted, has) = (lines(expected), lines(live));
    let only = |of: &[String], other: &[String], word: &str| -> Vec<String> {
        let only = of.iter().filter(|line| !other.contains(line));
        only.map(|line| format!("{word} `{line}`")).collect()
    };
    let mut all = only(&wanted, &has, "lacks");
    all.extend(only(&has, &wanted, "has"));
    if all.is_empty() {
        return "its lines stand in another order".to_owned();
    }
    let more = all.len().saturating_sub(SHOWN);
    all.truncate(SHOWN);
    match more {
        0 => all.join(", "),
        more => format!("{} and {more} more", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "-- The schema.\n\nSET LOCAL check_function_bodies = off;\n\n\
        CREATE TABLE \"users\" (\n    \"id\" uuid NOT NULL,\n    \"name\" text\n);\n\
        CREATE INDEX users_name_idx ON users (name);\n\
        CREATE VIEW \"names\" AS\n SELECT name FROM users;\n";

    fn told(live: &str) -> (Vec<String>, Vec<String>) {
        match difference(BEFORE, live).told() {
            Drift::Compared {
                differences,
                unsure,
            } => (differences, unsure),
            Drift::Untold { why } => panic!("{why}"),
        }
    }

    #[test]
    fn what_is_written_alike_is_alike() {
        let other = BEFORE
            .replace("-- The schema.\n\n", "")
            .replace("SET LOCAL check_function_bodies = off;", "");
        assert!(difference(BEFORE, &other).is_none());
    }

    #[test]
    fn each_difference_is_named() {
        let column = BEFORE.replace("\"name\" text\n", "\"name\" text,\n    \"nick\" text\n");
        assert_eq!(
            told(&column).0,
            ["`CREATE TABLE \"users\"`: has `\"nick\" text`"]
        );
        let index = BEFORE.replace("(name);", "(id);");
        assert_eq!(
            told(&index).0,
            [
                "`CREATE INDEX users_name_idx ON users (name)` is missing",
                "`CREATE INDEX users_name_idx ON users (id)` is there besides"
            ]
        );
        let noted = format!("{BEFORE}\n-- not written here: publication p\n");
        assert_eq!(
            told(&noted).0,
            ["`-- not written here: publication p` is there besides"]
        );
    }

    #[test]
    fn a_view_in_other_words_may_be_the_same() {
        let (differences, unsure) =
            told(&BEFORE.replace("SELECT name FROM", "SELECT users.name FROM"));
        assert!(differences.is_empty());
        assert_eq!(
            unsure,
            [
                "`CREATE VIEW \"names\"`: lacks `SELECT name FROM users`, has `SELECT users.name FROM users`"
            ]
        );
        let gone: String = BEFORE.lines().take(9).collect::<Vec<_>>().join("\n");
        assert_eq!(told(&gone).0, ["`CREATE VIEW \"names\"` is missing"]);
    }
}
