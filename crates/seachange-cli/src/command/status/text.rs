//! `status` for people.

use std::fmt::Write;

use seachange::runner::{Standing, State};

use super::report::{Compared, Report};
use crate::context::Context;
use crate::drift;
use crate::terminal::look::Stream;
use crate::terminal::{Table, style, wrapped};

/// How much is shown of what differs.
#[derive(Clone, Copy)]
pub(super) enum Detail {
    Count,
    /// With the statements that would make them the same.
    Sql,
}

impl Detail {
    pub(super) fn of(context: &Context) -> Self {
        match context.options.verbose {
            0 => Self::Count,
            _ => Self::Sql,
        }
    }
}

pub(super) fn text(report: &Report, detail: Detail) -> String {
    let mut text = String::new();
    heading(
        &mut text,
        &format!(
            "migrations: {} applied, {} pending",
            report.applied, report.pending
        ),
    );
    let migrations = report.migrations.iter().map(migration).collect();
    text.push_str(&rows(&["state", "migration", "notes"], migrations));
    for version in &report.kept {
        let _ = writeln!(text, "  another history's, passed over: {version}");
    }
    for problem in &report.problems {
        let (error, help) = (style::ERROR, style::HELP);
        let mut prose = |line: String| {
            let _ = writeln!(text, "{}", wrapped(&line, 2, Stream::Stdout));
        };
        prose(format!("{error}problem:{error:#} {}", problem.message));
        if let Some(remedy) = &problem.help {
            prose(format!("{help}help:{help:#} {remedy}"));
        }
    }

    heading(&mut text, &format!("tables: {}", report.tables.len()));
    let tables = report.tables.iter();
    let tables = tables.map(|rows| vec![rows.table.clone(), rows.shown()]);
    text.push_str(&rows(&["table", "rows"], tables.collect()));

    heading(&mut text, "differences");
    let named = [
        ("database", &report.database),
        ("entities", &report.entities),
    ];
    let lines = named.map(|(what, compared)| vec![what.to_owned(), in_words(compared)]);
    text.push_str(&rows(&["of", "is"], lines.to_vec()));
    for (_, compared) in named {
        if let (Compared::Known(drift), Detail::Sql) = (compared, detail)
            && !drift.is_none()
        {
            text.push('\n');
            text.push_str(&drift::in_full(drift));
        }
        if let (Compared::Known(drift), Detail::Sql) = (compared, detail) {
            text.extend(
                drift
                    .ignored
                    .iter()
                    .map(|line| format!("-- ignored: {line}\n")),
            );
            text.push_str(&drift::idle(drift));
        }
    }
    text
}

fn heading(text: &mut String, words: &str) {
    let strong = style::STRONG;
    let _ = writeln!(text, "{strong}{words}{strong:#}");
}

fn rows(names: &'static [&'static str], rows: Vec<Vec<String>>) -> String {
    Table::new(names, rows).without_header().indented().text()
}

fn migration(one: &Standing) -> Vec<String> {
    let style = match one.state {
        State::Applied => style::GOOD,
        State::Pending => style::CHANGED,
        State::Missing => style::ERROR,
    };
    let word = one.state.word();
    let at = one.applied_at;
    let mut notes: Vec<String> = at
        .map(|at| at.format("%Y-%m-%d %H:%M:%S UTC").to_string())
        .into_iter()
        .collect();
    notes.extend(one.notes());
    vec![
        format!("{style}{word}{style:#}"),
        one.version.clone(),
        notes.join(", "),
    ]
}

fn in_words(compared: &Compared) -> String {
    let (good, changed, warning) = (style::GOOD, style::CHANGED, style::WARNING);
    let overlooked = match compared {
        Compared::Known(drift) => drift::ignored(drift),
        Compared::Unknown { .. } => None,
    };
    let words = match compared {
        Compared::Known(drift) if drift.is_none() => {
            format!("{good}in sync{good:#} with {}", other(&drift.from))
        }
        Compared::Known(drift) => format!(
            "{changed}not in sync{changed:#} with {}: {}",
            other(&drift.from),
            drift.in_short()
        ),
        Compared::Unknown { why } => format!("{warning}not known{warning:#}: {why}"),
    };
    match overlooked {
        Some(overlooked) => format!("{words} ({overlooked})"),
        None => words,
    }
}

fn other(from: &str) -> &str {
    match from {
        "empty" => "an empty database",
        from => from,
    }
}
