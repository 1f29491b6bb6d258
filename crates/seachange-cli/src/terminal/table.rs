//! Plain tables: columns side by side, no frames.

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};

/// The rows below a header, as lines that end with a newline.
pub(crate) fn table(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header.iter().copied());
    table.add_rows(rows);
    table.to_string() + "\n"
}
