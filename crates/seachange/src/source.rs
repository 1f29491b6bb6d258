//! One road from whatever holds a schema to a `Schema`: it is built in a scratch database and read
//! from its catalog, unless the same was built before.

mod build;
mod cache;
mod choose;
mod error;
mod inputs;
mod replay;
mod road;
mod version;
mod words;

pub use error::SourceError;
pub use replay::RunRust;
pub use road::{Places, Road};
pub use words::{ParseSourceError, Source};
