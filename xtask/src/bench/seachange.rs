//! Seachange itself: a workspace of its own for each schema, built as its users build theirs.

mod entities;
mod project;
mod workspace;

pub(super) use project::{Profile, Seachange};
