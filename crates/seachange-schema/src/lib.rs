//! What a schema is, how two of them differ, in which order the difference is carried out, at what
//! risk, and how that reads as SQL. Pure: values in, values out; no database, file, clock or
//! environment is ever met here.

pub mod name;

pub mod model;

pub use model::{Object, ObjectId, Schema};
pub use name::{Ident, Name};
