//! A column's mask, ready to be used: which of the functions of this folder, with what it needs to know
//! of the column's type.

use super::array::mask_array;
use super::bytes::mask_bytes;
use super::day::{mask_day, mask_time};
use super::digits::mask_number;
use super::integer::Integers;
use super::json::{Keys, mask_json};
use super::keyed::Keyed;
use super::permutation::Permutation;
use super::symbols::mask_code;
use super::text::{self, Limit};
use super::uuid::mask_uuid;

/// Takes a value in PostgreSQL's text form and gives another one.
#[derive(Clone)]
pub(in crate::sample) enum Masker {
    Shape(TextType),
    Digest(TextType),
    Email(TextType),
    Phone(TextType),
    Person(TextType),
    Code(TextType),
    Integer(Integers),
    /// From, to, and what happens between them.
    Between(i64, i64, Permutation),
    Number,
    Boolean,
    Label(Vec<String>, Permutation),
    Uuid,
    Day,
    Time,
    Json(Keys),
    Bytes,
    Array(Box<Self>),
}

/// What a text type says about its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sample) struct TextType {
    pub(in crate::sample) limit: Limit,
    /// Whether case is no difference (`citext`).
    pub(in crate::sample) folds: bool,
    /// Whether blanks at the end are none (`character(n)`).
    pub(in crate::sample) blanks: bool,
}

/// Why a value can't be masked; the value itself is never told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sample) struct Unmaskable(pub(in crate::sample) &'static str);

impl Unmaskable {
    pub(super) const NOT_AN_INTEGER: Self = Self("it is no integer of its type's range");
    pub(super) const NOT_A_NUMBER: Self = Self("it is no number");
    pub(super) const NOT_A_UUID: Self = Self("it is no UUID");
    pub(super) const NOT_A_DATE: Self = Self("it is no date");
    pub(super) const NOT_A_TIME: Self = Self("it is no time of day");
    pub(super) const NOT_BYTES: Self = Self("it is not in hexadecimal");
    pub(super) const NOT_JSON: Self = Self("it is no JSON");
    pub(super) const NOT_AN_ARRAY: Self = Self("it is no array");
    const NOT_BETWEEN: Self = Self("it is outside the range of its `Mask::Between`");
    const NOT_A_LABEL: Self = Self("it is no label of its type");
    const NOT_ASCII: Self =
        Self("`Mask::Code` replaces ASCII letters and digits, and it has others");
}

impl Masker {
    pub(in crate::sample) fn mask(&self, keyed: &Keyed, value: &str) -> Result<String, Unmaskable> {
        Ok(match self {
            Self::Shape(of) => of.mask(value, |text| text::by_shape(keyed, text, of.limit)),
            Self::Digest(of) => of.mask(value, |text| text::digest(keyed, text, of.limit)),
            Self::Email(of) => of.mask(value, |text| text::email(keyed, text, of.limit)),
            Self::Phone(of) => of.mask(value, |text| text::phone(keyed, text, of.limit)),
            Self::Person(of) => of.mask(value, |text| text::person(keyed, text, of.limit)),
            Self::Code(of) => mask_code(keyed, &of.same(value)).ok_or(Unmaskable::NOT_ASCII)?,
            Self::Integer(integers) => integers.mask(value)?,
            Self::Between(from, to, permutation) => between(*from, *to, permutation, value)?,
            Self::Number => mask_number(keyed, value)?,
            Self::Boolean => match mask_boolean(keyed, value == "t") {
                true => "t".to_owned(),
                false => "f".to_owned(),
            },
            Self::Label(labels, permutation) => label(labels, permutation, value)?.to_owned(),
            Self::Uuid => mask_uuid(keyed, value)?,
            Self::Day => mask_day(keyed, value)?,
            Self::Time => mask_time(keyed, value)?,
            Self::Json(keys) => mask_json(keyed, *keys, value)?,
            Self::Bytes => mask_bytes(keyed, value)?,
            Self::Array(element) => mask_array(value, |value| element.mask(keyed, value))?,
        })
    }
}

impl TextType {
    /// Nothing stays nothing: it says nothing, and checks often ask for it.
    fn mask(self, value: &str, mask: impl Fn(&str) -> String) -> String {
        let value = self.same(value);
        match value.is_empty() {
            true => value,
            false => mask(&value),
        }
    }

    /// One spelling for all that the type takes for equal.
    fn same(self, value: &str) -> String {
        let value = if self.blanks {
            value.trim_end_matches(' ')
        } else {
            value
        };
        match self.folds {
            true => value.to_lowercase(),
            false => value.to_owned(),
        }
    }
}

/// Either all of them are turned round or none: one bit of the key.
pub(super) fn mask_boolean(keyed: &Keyed, value: bool) -> bool {
    Permutation::new(keyed, b"boolean", 2).forward(u128::from(value)) == 1
}

fn between(
    from: i64,
    to: i64,
    permutation: &Permutation,
    value: &str,
) -> Result<String, Unmaskable> {
    let value: i64 = value.parse().map_err(|_| Unmaskable::NOT_AN_INTEGER)?;
    if !(from..=to).contains(&value) {
        return Err(Unmaskable::NOT_BETWEEN);
    }
    let place = u128::try_from(i128::from(value) - i128::from(from)).unwrap_or_default();
    let place = i128::try_from(permutation.elsewhere(place)).unwrap_or_default();
    Ok((i128::from(from) + place).to_string())
}

fn label<'a>(
    labels: &'a [String],
    permutation: &Permutation,
    value: &str,
) -> Result<&'a str, Unmaskable> {
    let place = labels
        .iter()
        .position(|label| label == value)
        .ok_or(Unmaskable::NOT_A_LABEL)?;
    let place = permutation.forward(place as u128);
    let label = usize::try_from(place)
        .ok()
        .and_then(|place| labels.get(place));
    label.map(String::as_str).ok_or(Unmaskable::NOT_A_LABEL)
}
