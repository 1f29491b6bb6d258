//! A schema as Markdown for its repository: an index with the diagram, and a page for each table. Pure: paths and
//! texts, always the same for the same schema; who calls it writes the files.

mod file;
mod index;
mod markdown;
mod table;

use std::collections::BTreeMap;

use seachange_schema::Schema;

use crate::diagram::{self, Use};
use markdown::Page;

/// The first line of every file that is written here, and of no other.
const MARK: &str =
    "<!-- Written by `db docs` from the schema. What is changed here is overwritten. -->";

/// Whether a file was written here.
pub fn is_ours(text: &str) -> bool {
    text.lines().next() == Some(MARK)
}

/// Every file: its path below the folder, with `/`, and its text.
pub fn pages(schema: &Schema, title: &str) -> BTreeMap<String, String> {
    let whole = diagram::diagram(schema);
    let mut pages = BTreeMap::from([
        ("README.md".to_owned(), index::index(schema, &whole, title)),
        (
            "diagram.svg".to_owned(),
            format!(
                "{MARK}\n{}",
                diagram::svg(&whole, &diagram::draw(&whole), Use::File)
            ),
        ),
    ]);
    for (at, drawn) in whole.tables.iter().enumerate() {
        let text = table::table(schema, &whole, at);
        pages.insert(file::below(&drawn.name), text);
    }
    pages
}

fn page() -> Page {
    Page::new(MARK)
}
