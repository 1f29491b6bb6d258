//! Entities as Rust text: a file each, one for the enums, and the module that lists and registers them.
//! `cargo fmt` has the last word on line breaks.

mod entity;
mod enums;
mod module;
mod relation;

use super::PulledFile;
use super::declared::Entities;

/// The files below `src`.
pub(super) fn files(declared: &Entities) -> Vec<PulledFile> {
    let file = |path: String, text| PulledFile { path, text };
    let mut files = vec![file("src/entity.rs".to_owned(), module::text(declared))];
    if !declared.enums.is_empty() {
        let text = enums::text(&declared.enums);
        files.push(file("src/entity/enums.rs".to_owned(), text));
    }
    for one in &declared.entities {
        let text = entity::text(one, &declared.enums);
        files.push(file(format!("src/entity/{}.rs", one.module), text));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// `#[sea_orm(a, b = "c")]`, or nothing.
fn attribute(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        parts => format!("    #[sea_orm({})]\n", parts.join(", ")),
    }
}

/// `name = "text"`.
fn said(name: &str, text: &str) -> String {
    format!("{name} = {text:?}")
}
