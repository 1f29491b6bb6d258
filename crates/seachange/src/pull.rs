//! From a schema to SeaORM entities and the SQL beside them, so that an existing database is adopted.
//!
//! An entity says what it can say exactly; the rest is computed, not guessed: what the entities would
//! record is built in a scratch database, and the plan from there to the schema becomes `sql/after`.
//! One value (`declared::Entity`) is turned into the Rust text and into SeaORM's statements.
//! sea-orm-codegen is of no use here: it loses defaults, indexes, lengths and custom types.

mod choose;
mod declared;
mod selection;

mod before;
mod statements;

mod files;
mod names;
mod rust;

mod error;
mod prove;
mod write;

pub use error::PullError;
pub use prove::pull;
pub use selection::Selection;
pub use write::{Existing, Written, in_the_way, write};

/// What a schema is written as.
#[derive(Clone, Debug, Default)]
pub struct Pulled {
    /// What to write.
    pub files: Vec<PulledFile>,
    /// What a reader should know of it.
    pub notes: Vec<Note>,
    /// How many of its tables became entities.
    pub entities: usize,
}

/// One file, below the folder of the entity package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PulledFile {
    /// `src/entity/users.rs`, `sql/after/users.sql`.
    pub path: String,
    /// The whole file.
    pub text: String,
}

/// What is not as one might expect it, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Note {
    /// `table notes`.
    pub object: String,
    /// Why, as a fragment.
    pub reason: String,
}
