//! Differences that are meant to be: rules of a kind and a name with `*`, and what is left of a live
//! schema's differences once what they cover is overlooked. A rule that covers an object covers its parts.

mod cover;
mod pattern;
mod rule;

pub use cover::{Overlooked, Rules};
pub use rule::{Rule, RuleError};
