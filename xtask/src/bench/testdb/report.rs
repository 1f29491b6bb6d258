//! What was measured, as one table.

use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};

use crate::bench::sample::median;

pub(super) struct Row {
    pub(super) title: String,
    pub(super) migrations: usize,
    pub(super) threads: u16,
    /// Bare, ours, and create and migrate: the time of a database in each run.
    pub(super) ways: [Vec<Duration>; 3],
}

pub(super) fn table(rows: &[Row]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header([
        "schema",
        "migrations",
        "threads",
        "bare",
        "TestDatabase",
        "ours / bare",
        "create and migrate",
        "ours / theirs",
    ]);
    for row in rows {
        let [bare, ours, theirs] = &row.ways;
        table.add_row([
            row.title.clone(),
            row.migrations.to_string(),
            row.threads.to_string(),
            times(bare),
            times(ours),
            ratio(ours, bare),
            times(theirs),
            ratio(ours, theirs),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn times(times: &[Duration]) -> String {
    let sorted = sorted(times);
    let shown = |time: Option<&Duration>| match time {
        Some(time) => format!("{:.1}", time.as_secs_f64() * 1000.0),
        None => "–".to_owned(),
    };
    format!(
        "{} ({}–{})",
        shown(median(&sorted).as_ref()),
        shown(sorted.first()),
        shown(sorted.last())
    )
}

/// Of the medians.
fn ratio(one: &[Duration], other: &[Duration]) -> String {
    match (median(&sorted(one)), median(&sorted(other))) {
        (Some(one), Some(other)) => format!("{:.2}", one.as_secs_f64() / other.as_secs_f64()),
        _ => "–".to_owned(),
    }
}

fn sorted(times: &[Duration]) -> Vec<Duration> {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted
}
