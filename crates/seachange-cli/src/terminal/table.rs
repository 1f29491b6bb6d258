//! Plain tables: columns side by side, no frames. Widths are of what is seen, without the colours.

use anstream::adapter::strip_str;

const GAP: &str = "  ";

/// The rows, below a header unless that is empty, as lines that end with a newline.
pub(crate) fn table(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let dim = super::style::DIM;
    let header = header.iter().map(|name| format!("{dim}{name}{dim:#}"));
    let header: Vec<String> = header.collect();
    let all: Vec<Vec<String>> = (!header.is_empty())
        .then_some(header)
        .into_iter()
        .chain(rows)
        .collect();
    let columns = all.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = all.iter().filter_map(|row| row.get(column));
            cells.map(|cell| seen(cell)).max().unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for row in &all {
        let mut line = String::new();
        let last = row.iter().rposition(|cell| !cell.is_empty()).unwrap_or(0);
        for (column, cell) in row.iter().enumerate().take(last + 1) {
            line.push_str(cell);
            if column < last {
                line.push_str(&" ".repeat(widths[column] - seen(cell)));
                line.push_str(GAP);
            }
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn seen(cell: &str) -> usize {
    strip_str(cell).to_string().chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_whatever_their_colours() {
        let good = super::super::style::GOOD;
        let rows = vec![
            vec![format!("{good}ok{good:#}"), "änderung".into(), "1".into()],
            vec!["failed".into(), "b".into(), String::new()],
        ];
        let text = table(&["state", "what"], rows);
        assert_eq!(
            strip_str(&text).to_string(),
            "state   what\nok      änderung  1\nfailed  b\n"
        );
    }
}
