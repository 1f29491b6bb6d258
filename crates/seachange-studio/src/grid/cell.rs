//! One value of a row, as much of it as a page shows.

use maud::{Markup, html};

use crate::data::{Column, Editor, Text};

/// The characters of a value that a page shows.
pub(crate) const SHOWN: usize = 200;

/// A value, cut where it is long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) text: Text,
    pub(crate) cut: bool,
}

impl Cell {
    /// What is selected for a column: one character more than is shown, so that a cut can be seen.
    pub(crate) fn expression(column: &Column) -> String {
        let name = &column.name;
        match column.editor {
            Editor::Bytes => format!(
                "octet_length({name}) || ' bytes ' || encode(substring({name} FROM 1 FOR 12), 'hex')"
            ),
            _ => format!("left({name}::text, {})", SHOWN + 1),
        }
    }

    pub(crate) fn new(text: Text) -> Self {
        let cut = text
            .as_ref()
            .and_then(|text| text.char_indices().nth(SHOWN).map(|(at, _)| at));
        match (text, cut) {
            (Some(text), Some(at)) => Self {
                text: Some(text[..at].to_owned()),
                cut: true,
            },
            (text, _) => Self { text, cut: false },
        }
    }
}

/// The value as a cell shows it.
pub(crate) fn shown(cell: &Cell) -> Markup {
    html! {
        @match &cell.text {
            None => { span.null { "NULL" } }
            Some(text) if text.is_empty() => { span.faint { "empty" } }
            Some(text) => { (text) @if cell.cut { span.faint { "…" } } }
        }
    }
}
