//! What a schema is, how two of them differ, in which order the difference is carried out, at what
//! risk, and how that reads as SQL. Pure: values in, values out; no database, file, clock or
//! environment is ever met here.
//!
//! ```text
//! previous: Schema, next: Schema, renames ──> diff ──> Changes ──> plan ──> Plan
//!                                                        └─ reverse ──> plan ──> the way back
//! ```

#![deny(missing_docs)]

pub mod fingerprint;
pub mod name;

pub mod model;

pub mod change;
pub mod diff;
pub mod rename;

pub mod impact;
pub mod needs;
pub mod plan;
pub mod question;
mod render;
pub mod script;
pub mod spelling;

pub use change::{Change, Changes, Direction, Fill};
pub use diff::diff;
pub use impact::{Impact, Lock, Work};
pub use model::{Object, ObjectId, Schema};
pub use name::{Ident, Name, literal};
pub use plan::{Plan, plan};
pub use rename::{Hint, Mapping, Rename};
pub use render::type_change;
