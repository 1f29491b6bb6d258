//! What was measured, as one table, and whether it grows with the tables.

use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};

use crate::bench::sample::median;

pub(super) struct Row {
    pub(super) tables: u16,
    pub(super) objects: usize,
    pub(super) dump: Vec<Duration>,
    pub(super) read: Vec<Duration>,
    /// Two equal schemas compared.
    pub(super) equal: Vec<Duration>,
    /// Two that differ in one of a hundred tables.
    pub(super) changed: Vec<Duration>,
}

impl Row {
    pub(super) fn new(tables: u16) -> Self {
        Self {
            tables,
            objects: 0,
            dump: Vec::new(),
            read: Vec::new(),
            equal: Vec::new(),
            changed: Vec::new(),
        }
    }
}

pub(super) fn table(rows: &[Row]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header([
        "tables",
        "objects",
        "pg_dump -s",
        "read",
        "read / pg_dump",
        "diff, equal",
        "diff, 1 in 100 changed",
        "read and diff / pg_dump",
        "read and diff, a table",
    ]);
    for row in rows {
        let (dump, read, changed) = (middle(&row.dump), middle(&row.read), middle(&row.changed));
        table.add_row([
            row.tables.to_string(),
            row.objects.to_string(),
            times(&row.dump),
            times(&row.read),
            format!("{:.2}", read / dump),
            times(&row.equal),
            times(&row.changed),
            format!("{:.2}", (read + changed) / dump),
            format!("{:.2}", (read + changed) / f64::from(row.tables)),
        ]);
    }
    for column in table.column_iter_mut() {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// What a table costs at each size, beside what it costs at the size before.
pub(super) fn linearity(rows: &[Row]) -> Option<String> {
    let a_table = |row: &Row| (middle(&row.read) + middle(&row.changed)) / f64::from(row.tables);
    let steps: Vec<String> = rows
        .windows(2)
        .filter_map(|pair| match pair {
            [small, large] => Some(format!(
                "{:.2} times as much at {} as at {}",
                a_table(large) / a_table(small),
                large.tables,
                small.tables
            )),
            _ => None,
        })
        .collect();
    (!steps.is_empty()).then(|| {
        format!(
            "Reading and comparing a table takes {}: linear is 1 or less.",
            steps.join(", ")
        )
    })
}

fn middle(times: &[Duration]) -> f64 {
    median(&sorted(times)).map_or(f64::NAN, milliseconds)
}

fn times(times: &[Duration]) -> String {
    let sorted = sorted(times);
    let shown = |time: Option<&Duration>| {
        time.map_or_else(
            || "–".to_owned(),
            |time| format!("{:.1}", milliseconds(*time)),
        )
    };
    format!(
        "{:.1} ({}–{})",
        middle(times),
        shown(sorted.first()),
        shown(sorted.last())
    )
}

fn sorted(times: &[Duration]) -> Vec<Duration> {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
