//! What the sources of this crate were when it was built, as hashes. What was computed with other sources and kept is not to be
//! taken for what these would compute.

/// Of the model alone: what a schema is.
pub const MODEL: &str = env!("SEACHANGE_SCHEMA_MODEL");

/// Of the whole crate: also how two schemas are compared and planned.
pub const WHOLE: &str = env!("SEACHANGE_SCHEMA_WHOLE");
