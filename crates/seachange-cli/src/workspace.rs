//! The workspace's own programs: built by cargo, run as children. They are never linked, so that one
//! that does not compile can't lock out the tool that would mend it.

mod build;
mod child;
mod rust_migrations;

pub(crate) use build::build;
pub(crate) use child::{run, run_and_read};
pub(crate) use rust_migrations::RustMigrations;

use crate::context::Context;
use crate::terminal::Format;

/// The options of every command that the migration program knows as well.
pub(crate) fn shared_words(context: &Context) -> Vec<String> {
    let mut words = Vec::new();
    words.extend((context.terminal.format() == Format::Json).then(|| "--json".to_owned()));
    words.extend((context.options.verbose > 0).then(|| "--verbose".to_owned()));
    words
}
