//! The workspace's own programs, on our terminal: built by cargo, run as children.

mod build;
mod child;

pub(crate) use build::build;
pub(crate) use child::{run, run_and_read, run_and_tell, run_by_itself};

use std::path::PathBuf;

use crate::context::Context;
use crate::terminal::Format;

/// A path that means the same at the workspace's root, where programs run.
pub(crate) fn path_word(path: PathBuf) -> String {
    let path = std::path::absolute(&path).unwrap_or(path);
    path.display().to_string()
}

/// The options of every command that the migration program knows as well.
pub(crate) fn shared_words(context: &Context) -> Vec<String> {
    let mut words = Vec::new();
    words.extend((context.terminal.format() == Format::Json).then(|| "--json".to_owned()));
    words.extend((context.options.verbose > 0).then(|| "--verbose".to_owned()));
    words
}
