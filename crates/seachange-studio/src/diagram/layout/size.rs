//! How large a table's box is: by its characters, for nothing here can measure a font.

use super::Area;
use crate::diagram::graph::Table;

/// The head's height, with the table's name.
pub(crate) const HEAD: i32 = 30;
/// The height of a column's row.
pub(crate) const ROW: i32 = 20;
/// Room at the sides.
pub(crate) const SIDE: i32 = 10;
/// Between a column's name and its type.
const GAP: i32 = 18;
const FOOT: i32 = 5;
/// The most characters of a name or a type that are drawn.
const LONGEST: usize = 36;

/// Room for the marks of keys before a column's name.
pub(crate) fn marks(table: &Table) -> i32 {
    let most = table.columns.iter().map(|it| it.marks().len()).max();
    8 + 14 * most.unwrap_or_default() as i32
}

pub(super) fn area(table: &Table) -> Area {
    let row = (table.columns.iter())
        .map(|column| {
            // Monospaced, 12 and 11 units high; a mark for NULL follows the type.
            let name = cells(&cut(column.name.as_str())) * 73 / 10;
            let kind = (cells(&cut(&column.data_type)) + 1) * 67 / 10;
            marks(table) + name + GAP + kind + SIDE
        })
        .max();
    let head = cells(&cut(&table.name.plain())) * 85 / 10 + 2 * SIDE;
    let more = i32::from(table.left_out > 0);
    Area {
        x: 0,
        y: 0,
        width: row.unwrap_or_default().max(head).max(130),
        height: HEAD + ROW * (table.columns.len() as i32 + more) + FOOT,
    }
}

/// The middle of a column's row, from the box's upper edge; that of the head where there is no such column.
pub(crate) fn row_middle(column: Option<usize>) -> i32 {
    match column {
        Some(at) => HEAD + ROW * at as i32 + ROW / 2,
        None => HEAD / 2,
    }
}

/// What of a name or type is drawn: one line, and not all of a very long one.
pub(crate) fn cut(text: &str) -> String {
    let mut shown: String = (text.chars())
        .map(|it| if it.is_control() { ' ' } else { it })
        .take(LONGEST + 1)
        .collect();
    if shown.chars().count() > LONGEST {
        shown = shown.chars().take(LONGEST - 1).chain(['…']).collect();
    }
    shown
}

/// Widths of a letter; those of East Asian scripts and emoji are about two wide.
fn cells(text: &str) -> i32 {
    let wide = |it: char| matches!(u32::from(it), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0x1f300..=0x1faff | 0x20000..);
    text.chars().map(|it| if wide(it) { 2 } else { 1 }).sum()
}
