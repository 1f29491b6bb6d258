//! What a program is made of: stages with their fields, a rubric, an export mapping. As the API takes and shows it here,
//! as the database keeps it in `db::json`; the rules in `definition/rules`.

mod rules;

use std::collections::BTreeMap;

use db::json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use rules::{faults, pattern};

/// A step of an application, with its form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stage {
    #[schema(example = "contact", max_length = 64, pattern = "^[a-z][a-z0-9_]*$")]
    pub(crate) id: String,
    #[schema(example = "Contact", min_length = 1, max_length = 200)]
    pub(crate) name: String,
    #[schema(max_length = 5000)]
    pub(crate) description: String,
    /// Its place, from 0 on.
    pub(crate) order: u32,
    #[schema(max_items = 100)]
    pub(crate) fields: Vec<Field>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    /// The key of the answer, in all stages the only one.
    #[schema(example = "email", max_length = 64, pattern = "^[a-z][a-z0-9_]*$")]
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: Kind,
    #[schema(example = "E-mail", min_length = 1, max_length = 200)]
    pub(crate) label: String,
    pub(crate) required: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) placeholder: Option<String>,
    /// What `select` and `multiselect` offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) options: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) validation: Option<Validation>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = FieldType)]
pub(crate) enum Kind {
    Text,
    Email,
    Phone,
    Textarea,
    Select,
    Multiselect,
    Date,
    File,
    Checkbox,
}

/// Bounds of an answer: characters of a text, choices of a multiselect, a date as the number YYYYMMDD.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Validation {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) max: Option<f64>,
    /// A regular expression that a text has to match somewhere; `^` and `$` hold it to the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pattern: Option<String>,
}

/// What reviewers score by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Criterion {
    #[schema(example = "motivation", max_length = 64, pattern = "^[a-z][a-z0-9_]*$")]
    pub(crate) id: String,
    #[schema(min_length = 1, max_length = 200)]
    pub(crate) name: String,
    #[schema(max_length = 5000)]
    pub(crate) description: String,
    /// Its share of the whole; all of them make 1.
    #[schema(minimum = 0, maximum = 1, example = 1.0)]
    pub(crate) weight: f64,
    pub(crate) scale: Scale,
}

/// From the worst to the best score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scale {
    #[schema(example = 1.0)]
    pub(crate) min: f64,
    #[schema(example = 5.0)]
    pub(crate) max: f64,
    /// A word for each step, from `min` up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) labels: Option<Vec<String>>,
}

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Definition {
    pub(crate) stages: Vec<Stage>,
    pub(crate) rubric: Vec<Criterion>,
    pub(crate) export_mapping: Option<BTreeMap<String, String>>,
}

/// The shapes are the same on both sides but for the names of their types.
macro_rules! same {
    ($($name:ident { $($field:ident $(as $how:ident)?),* })*) => {$(
        impl From<$name> for json::$name {
            fn from(from: $name) -> Self {
                Self { $($field: same!(@ from.$field $($how)?)),* }
            }
        }

        impl From<json::$name> for $name {
            fn from(from: json::$name) -> Self {
                Self { $($field: same!(@ from.$field $($how)?)),* }
            }
        }
    )*};
    (@ $value:expr) => { $value };
    (@ $value:expr, ) => { $value };
    (@ $from:ident . $field:ident each) => { $from.$field.into_iter().map(Into::into).collect() };
    (@ $from:ident . $field:ident maybe) => { $from.$field.map(Into::into) };
    (@ $from:ident . $field:ident other) => { $from.$field.into() };
}
same! {
    Stage { id, name, description, order, fields as each }
    Field { id, kind as other, label, required, placeholder, options, validation as maybe }
    Validation { min, max, pattern }
    Criterion { id, name, description, weight, scale as other }
    Scale { min, max, labels }
}

macro_rules! kinds {
    ($($kind:ident)*) => {
        impl From<Kind> for json::FieldType {
            fn from(kind: Kind) -> Self {
                match kind { $(Kind::$kind => Self::$kind),* }
            }
        }

        impl From<json::FieldType> for Kind {
            fn from(kind: json::FieldType) -> Self {
                match kind { $(json::FieldType::$kind => Self::$kind),* }
            }
        }
    };
}
kinds!(Text Email Phone Textarea Select Multiselect Date File Checkbox);

/// A list of one side as one of the other.
pub(crate) fn each<A, B: From<A>>(list: Vec<A>) -> Vec<B> {
    list.into_iter().map(Into::into).collect()
}
