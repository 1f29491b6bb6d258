//! What was measured, as one table.

use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};

use super::pages::{Kind, Size};
use crate::bench::sample::median;

/// What a page of rows may take at the server.
const MAY_TAKE: Duration = Duration::from_millis(50);

pub(super) fn table(sizes: &[Size]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    let mut heads = vec!["page".to_owned()];
    for size in sizes {
        heads.push(format!("{} rows", count(size.rows)));
        heads.push("bare SQL".to_owned());
        heads.push("ratio".to_owned());
    }
    table.set_header(heads);
    for at in 0..sizes.first().map_or(0, |size| size.pages.len()) {
        let mut cells = vec![sizes[0].pages[at].title.to_owned()];
        for size in sizes {
            let page = &size.pages[at];
            cells.push(times(&page.studio));
            cells.push(times(&page.bare));
            cells.push(ratio(&page.studio, &page.bare));
        }
        table.add_row(cells);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

pub(super) fn words(sizes: &[Size], requests: u16) -> String {
    let pages = sizes.iter().flat_map(|size| &size.pages);
    let of_rows = pages.filter(|page| page.kind == Kind::Rows);
    let slowest = of_rows.max_by_key(|page| at(&page.studio, 95));
    let verdict = slowest.map_or_else(String::new, |page| {
        let time = at(&page.studio, 95);
        format!(
            "\nThe slowest page of 50 rows: {}, {} ms at the 95th of a hundred, {} the {} ms that it may take; {} KiB.",
            page.title,
            milliseconds(time),
            if time < MAY_TAKE { "within" } else { "beyond" },
            MAY_TAKE.as_millis(),
            page.bytes >> 10
        )
    });
    format!(
        "Milliseconds from the first byte that is sent to the last that comes, over loopback: the median of {requests} requests \
         (the 95th of a hundred), in turn with the bare SQL on one connection. The ratios are those of the medians. Beside the \
         diagram stands reading the catalog.{verdict}"
    )
}

pub(super) fn times(sorted: &[Duration]) -> String {
    let middle = median(sorted).unwrap_or_default();
    format!(
        "{} ({})",
        milliseconds(middle),
        milliseconds(at(sorted, 95))
    )
}

/// The one that so many of a hundred are below.
pub(super) fn at(sorted: &[Duration], percent: usize) -> Duration {
    let at = sorted.len() * percent / 100;
    let at = at.min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or_default()
}

pub(super) fn milliseconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}

fn ratio(one: &[Duration], other: &[Duration]) -> String {
    match (median(one), median(other)) {
        (Some(one), Some(other)) => format!("{:.1}", one.as_secs_f64() / other.as_secs_f64()),
        _ => "–".to_owned(),
    }
}

/// A large number, as people read it.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_95th_is_near_the_end() {
        let sorted: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(at(&sorted, 95), Duration::from_millis(96));
        assert_eq!(at(&sorted[..1], 95), Duration::from_millis(1));
        assert_eq!(at(&[], 95), Duration::ZERO);
        assert_eq!(count(10_000_000), "10,000,000");
        assert_eq!(count(999), "999");
    }
}
