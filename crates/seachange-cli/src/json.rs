//! What `--json` prints: one object on stdout that carries the version of its shape.

use serde::Serialize;

use crate::failure::{At, Failure};

/// The version of every shape that is printed. A field may be added to one; anything else raises it.
const VERSION: u32 = 1;

#[derive(Serialize)]
#[cfg_attr(
    feature = "schemas",
    derive(schemars::JsonSchema),
    schemars(rename = "{T}")
)]
pub(crate) struct Versioned<'a, T> {
    #[cfg_attr(feature = "schemas", schemars(extend("const" = VERSION)))]
    version: u32,
    #[serde(flatten)]
    value: &'a T,
}

/// The text of a result, which must serialize as an object.
pub(crate) fn text<T: Serialize>(value: &T) -> Result<String, Failure> {
    let versioned = Versioned {
        version: VERSION,
        value,
    };
    serde_json::to_string_pretty(&versioned)
        .map(|text| text + "\n")
        .map_err(|error| {
            Failure::new("the result has no form in JSON")
                .help("this is a defect in Seachange: report it, and leave `--json` out until then")
                .because(&error)
        })
}

/// A failure as an object: `error`, `causes`, `help`, `exit`, `missing`, `at`.
#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Failed<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    causes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    exit: u8,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    missing: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a At>,
}

impl<'a> From<&'a Failure> for Failed<'a> {
    fn from(failure: &'a Failure) -> Self {
        Self {
            error: &failure.message,
            causes: &failure.causes,
            help: failure.help.as_deref(),
            exit: failure.exit.code(),
            missing: &failure.missing,
            at: failure.at.as_deref(),
        }
    }
}
