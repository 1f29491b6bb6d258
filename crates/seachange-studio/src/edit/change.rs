//! What a page stages: one row inserted, changed or deleted.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::data::RowAt;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Change {
    Insert {
        set: BTreeMap<String, Value>,
    },
    Update {
        at: RowAt,
        set: BTreeMap<String, Value>,
    },
    Delete {
        at: RowAt,
    },
}

/// NULL and DEFAULT are no texts, and neither is the other.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Value {
    Text(String),
    Null,
    Default,
}
