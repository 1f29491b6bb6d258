//! The workspace's own programs, on our terminal: built by cargo, run as children.

mod build;
mod child;

pub(crate) use build::build;
pub(crate) use child::{run, run_and_read};

use crate::context::Context;
use crate::terminal::Format;

/// The options of every command that the migration program knows as well.
pub(crate) fn shared_words(context: &Context) -> Vec<String> {
    let mut words = Vec::new();
    words.extend((context.terminal.format() == Format::Json).then(|| "--json".to_owned()));
    words.extend((context.options.verbose > 0).then(|| "--verbose".to_owned()));
    words
}
