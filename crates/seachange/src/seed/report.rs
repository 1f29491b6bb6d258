//! What a seed program prints with `--json`: the rows that were loaded, or why none were.

use serde::Serialize;

use super::Loaded;

/// The version of both shapes. A field may be added; anything else raises it.
pub const VERSION: u32 = 1;

/// What was done.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Seeded<'a> {
    /// Of this shape.
    #[cfg_attr(feature = "schemas", schemars(extend("const" = VERSION)))]
    pub version: u32,
    /// `seeded` or `would be seeded`.
    pub outcome: &'static str,
    /// In the order in which they were loaded.
    pub tables: &'a [Loaded],
}

/// Why it was not.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct NotSeeded {
    /// Of this shape.
    #[cfg_attr(feature = "schemas", schemars(extend("const" = VERSION)))]
    pub version: u32,
    /// Only for want of consent: the same as `error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// What failed.
    pub error: String,
    /// From the nearest to the deepest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The exit code.
    pub exit: u8,
    /// The flags that would have been consent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
