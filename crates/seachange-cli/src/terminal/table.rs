//! Plain tables: columns side by side, no frames. Where that is too wide, the last column is broken between words, or
//! the cells of a row stand below each other; where words are wanted, each cell has a line with its name.

use super::look::{self, Stream};
use super::wrap::{lines, seen};

const GAP: usize = 2;
/// What the last column has to have at least.
const LAST: usize = 20;

/// Columns with names, and their rows.
pub(crate) struct Table {
    names: &'static [&'static str],
    shown: Names,
    indent: usize,
    rows: Vec<Vec<String>>,
}

/// Whether the names stand above the columns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Shown,
    /// The rows speak for themselves, unless they are told in words.
    Hidden,
}

impl Table {
    /// Below its header.
    pub(crate) fn new(names: &'static [&'static str], rows: Vec<Vec<String>>) -> Self {
        Self {
            names,
            shown: Names::Shown,
            indent: 0,
            rows,
        }
    }

    #[must_use]
    pub(crate) fn without_header(mut self) -> Self {
        self.shown = Names::Hidden;
        self
    }

    #[must_use]
    pub(crate) fn indented(mut self) -> Self {
        self.indent = 2;
        self
    }

    /// As lines that end with a newline, for stdout.
    pub(crate) fn text(&self) -> String {
        match look::is_plain() {
            true => self.in_words(),
            false => self.drawn(look::width(Stream::Stdout)),
        }
    }

    fn in_words(&self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            // A row without a beginning goes on with the one before it.
            if !text.is_empty() && row.first().is_some_and(|cell| !cell.is_empty()) {
                text.push('\n');
            }
            for (name, cell) in self.names.iter().zip(row) {
                if !cell.is_empty() {
                    text.push_str(&format!("{name}: {cell}\n"));
                }
            }
        }
        text
    }

    fn drawn(&self, width: Option<usize>) -> String {
        let dim = super::style::DIM;
        let mut all: Vec<Vec<String>> = Vec::new();
        if self.shown == Names::Shown {
            let header = self.names.iter();
            all.push(header.map(|name| format!("{dim}{name}{dim:#}")).collect());
        }
        all.extend(self.rows.iter().cloned());
        let columns = all.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                let cells = all.iter().filter_map(|row| row.get(column));
                cells.map(|cell| seen(cell)).max().unwrap_or(0)
            })
            .collect();
        let last = widths.last().copied().unwrap_or(0);
        let before: usize = self.indent
            + widths
                .iter()
                .rev()
                .skip(1)
                .map(|it| it + GAP)
                .sum::<usize>();
        match width {
            Some(width) if before + last > width && before + last.min(LAST) > width => {
                self.stacked(&all, width)
            }
            _ => self.side_by_side(&all, &widths, width, before),
        }
    }

    fn side_by_side(
        &self,
        all: &[Vec<String>],
        widths: &[usize],
        width: Option<usize>,
        before: usize,
    ) -> String {
        let mut text = String::new();
        for row in all {
            let mut line = " ".repeat(self.indent);
            let last = row.iter().rposition(|cell| !cell.is_empty()).unwrap_or(0);
            for (column, cell) in row.iter().enumerate().take(last) {
                line.push_str(cell);
                line.push_str(&" ".repeat(widths[column] - seen(cell) + GAP));
            }
            let cell = row.get(last).map_or("", String::as_str);
            let room = width.map(|width| width.saturating_sub(before).max(1));
            // Only the last of all columns was measured against the width.
            let parts = match last + 1 == widths.len() {
                true => lines(cell, room, 0),
                false => vec![cell.to_owned()],
            };
            line.push_str(&parts.join(&format!("\n{}", " ".repeat(before))));
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    /// Each cell on lines of its own, those after a row's first indented.
    fn stacked(&self, all: &[Vec<String>], width: usize) -> String {
        let mut text = String::new();
        for row in all {
            for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let indent = self.indent + if column == 0 { 0 } else { GAP };
                let room = width.saturating_sub(indent).max(1);
                for line in lines(cell, Some(room), 0) {
                    text.push_str(&format!("{}{line}\n", " ".repeat(indent)));
                }
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;

    use super::*;

    fn drawn(table: &Table, width: Option<usize>) -> String {
        strip_str(&table.drawn(width)).to_string()
    }

    #[test]
    fn columns_stand_below_each_other_whatever_their_colours() {
        let good = super::super::style::GOOD;
        let rows = vec![
            vec![format!("{good}ok{good:#}"), "änderung".into(), "1".into()],
            vec!["failed".into(), "b".into(), String::new()],
        ];
        let table = Table::new(&["state", "what", "n"], rows);
        assert_eq!(
            drawn(&table, None),
            "state   what      n\nok      änderung  1\nfailed  b\n"
        );
    }

    #[test]
    fn wide_and_combining_characters_keep_the_columns_straight() {
        let rows = vec![
            vec!["船".to_owned(), "e\u{301}t".to_owned()],
            vec!["boat".to_owned(), "wet".to_owned()],
        ];
        let table = Table::new(&["one", "two"], rows)
            .without_header()
            .indented();
        assert_eq!(drawn(&table, Some(80)), "  船    e\u{301}t\n  boat  wet\n");
    }

    #[test]
    fn what_is_too_wide_is_broken_or_stacked() {
        let rows = vec![vec![
            "failed".to_owned(),
            "one two three four five six seven eight nine".to_owned(),
        ]];
        let table = Table::new(&["result", "finding"], rows).without_header();
        assert_eq!(
            drawn(&table, Some(40)),
            "failed  one two three four five six\n        seven eight nine\n"
        );
        assert_eq!(
            drawn(&table, Some(20)),
            "failed\n  one two three four\n  five six seven\n  eight nine\n"
        );
        for width in [20, 40, 80, 200] {
            for line in drawn(&table, Some(width)).lines() {
                assert!(seen(line) <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn told_in_words_each_cell_has_its_name() {
        let rows = vec![
            vec!["failed".to_owned(), "edits".to_owned(), "one".to_owned()],
            vec![String::new(), String::new(), "two".to_owned()],
            vec!["ok".to_owned(), "lint".to_owned(), String::new()],
        ];
        let table = Table::new(&["result", "check", "finding"], rows);
        assert_eq!(
            table.in_words(),
            "result: failed\ncheck: edits\nfinding: one\nfinding: two\n\nresult: ok\ncheck: lint\n"
        );
    }
}
