//! What was measured, as one table.

use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};

use super::contender::Task;
use super::sample::Summary;

/// One task on one schema, for every tool.
pub(super) struct Row {
    pub(super) tables: usize,
    pub(super) task: Task,
    /// None where it was left out.
    pub(super) tools: Vec<Option<Summary>>,
}

/// Median wall time with its least and most, CPU time, memory; and the ratio of the wall times to
/// those of the tool at `ours`.
pub(super) fn table(titles: &[String], rows: &[Row], ours: Option<usize>) -> Table {
    let compared = |at: usize| ours.is_some_and(|ours| ours != at);
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    let mut header = vec!["tables".to_owned(), "command".to_owned()];
    for (at, title) in titles.iter().enumerate() {
        header.extend([format!("{title}, s"), "CPU s".to_owned(), "MiB".to_owned()]);
        if compared(at) {
            header.push("ours / theirs".to_owned());
        }
    }
    table.set_header(header);
    for row in rows {
        let mut cells = vec![row.tables.to_string(), row.task.to_string()];
        let ours = ours.and_then(|at| row.tools.get(at)?.as_ref());
        for (at, tool) in row.tools.iter().enumerate() {
            cells.extend(figures(tool.as_ref()));
            if compared(at) {
                cells.push(ratio(ours, tool.as_ref()));
            }
        }
        table.add_row(cells);
    }
    for column in table.column_iter_mut().filter(|column| column.index != 1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// Where the time of the tool at `ours` goes: its own work, and the waiting.
pub(super) fn shares(rows: &[Row], ours: usize) -> Vec<String> {
    let lines = rows.iter().filter_map(|row| {
        let tool = row.tools.get(ours)?.as_ref()?;
        let waits = tool.wall.saturating_sub(tool.cpu);
        Some(format!(
            "{} tables, {}: {} s of CPU time of its own, {} s waiting for PostgreSQL, the disk or a core",
            row.tables,
            row.task,
            seconds(tool.cpu),
            seconds(waits)
        ))
    });
    lines.collect()
}

fn figures(tool: Option<&Summary>) -> [String; 3] {
    let Some(tool) = tool else {
        return ["–", "–", "–"].map(str::to_owned);
    };
    let wall = match tool.runs {
        1 => format!("{} (once)", seconds(tool.wall)),
        _ => {
            let (least, most) = (seconds(tool.least), seconds(tool.most));
            format!("{} ({least}–{most})", seconds(tool.wall))
        }
    };
    [wall, seconds(tool.cpu), (tool.peak >> 20).to_string()]
}

fn ratio(ours: Option<&Summary>, theirs: Option<&Summary>) -> String {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => {
            let ratio = ours.wall.as_secs_f64() / theirs.wall.as_secs_f64();
            format!("{ratio:.2}")
        }
        _ => "–".to_owned(),
    }
}

fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        ..0.1 => format!("{seconds:.3}"),
        0.1..10.0 => format!("{seconds:.2}"),
        _ => format!("{seconds:.0}"),
    }
}
