//! One column's rule.

use super::describe::Column;
use crate::sample::mask::{Integers, Keyed, Keys, Masker, Permutation, TextType, UNIQUE_FROM};
use crate::sample::masking::{Declared, Mask};
use crate::sample::types::Kind;

/// What becomes of a column's values.
#[derive(Clone)]
pub(in crate::sample) enum Rule {
    Keep,
    Null,
    Fixed(String),
    Mask(Masker),
}

/// The rule, or why there is none.
pub(super) fn rule(column: &Column, keyed: &Keyed) -> Result<Rule, String> {
    let mask = match &column.declared {
        None => return by_type(column, keyed),
        Some(Declared::Safe) => return Ok(Rule::Keep),
        Some(Declared::Masked(mask)) => mask,
    };
    let masker = match (mask, &column.of.kind) {
        (Mask::Null, _) if column.not_null => {
            return Err("`Mask::Null` on a column that is NOT NULL".to_owned());
        }
        (Mask::Null, _) => return Ok(Rule::Null),
        (Mask::Fixed(value), _) => return Ok(Rule::Fixed(value.clone())),
        (Mask::Text, Kind::Text(text)) => roomy(column, *text, Masker::Digest(*text))?,
        (Mask::Email, Kind::Text(text)) => roomy(column, *text, Masker::Email(*text))?,
        (Mask::Phone, Kind::Text(text)) => not_unique(column, mask, Masker::Phone(*text))?,
        (Mask::Person, Kind::Text(text)) => not_unique(column, mask, Masker::Person(*text))?,
        (Mask::Code, Kind::Text(text)) => Masker::Code(*text),
        (Mask::Between(from, to), Kind::Integer(_)) => {
            let size = i128::from(*to) - i128::from(*from) + 1;
            let Some(size) = u128::try_from(size).ok().filter(|size| *size > 0) else {
                return Err(format!("`Mask::{mask:?}` is no range"));
            };
            let label = [b"between".as_slice(), &from.to_be_bytes()].concat();
            Masker::Between(*from, *to, Permutation::new(keyed, &label, size))
        }
        (Mask::JsonKeys, Kind::Json) => Masker::Json(Keys::Masked),
        _ => {
            return Err(format!(
                "`Mask::{mask:?}` does not fit its type `{}`",
                column.data_type
            ));
        }
    };
    Ok(Rule::Mask(whole(column, masker)))
}

fn by_type(column: &Column, keyed: &Keyed) -> Result<Rule, String> {
    let masker = match &column.of.kind {
        Kind::Text(text) => roomy(column, *text, Masker::Shape(*text))?,
        Kind::Integer(widths) => Masker::Integer(Integers::new(keyed, widths)),
        Kind::Number => Masker::Number,
        Kind::Boolean => Masker::Boolean,
        Kind::Enum { name, labels } => {
            let label = [b"enum ".as_slice(), name.as_bytes()].concat();
            let permutation = Permutation::new(keyed, &label, labels.len() as u128);
            Masker::Label(labels.clone(), permutation)
        }
        Kind::Uuid => Masker::Uuid,
        Kind::Day => Masker::Day,
        Kind::Time => Masker::Time,
        Kind::Json => Masker::Json(Keys::Fields),
        Kind::Bytes => Masker::Bytes,
        Kind::Other => {
            return Err(format!(
                "nothing is known of its type `{}`",
                column.data_type
            ));
        }
    };
    Ok(Rule::Mask(whole(column, masker)))
}

fn whole(column: &Column, masker: Masker) -> Masker {
    match column.of.array {
        true => Masker::Array(Box::new(masker)),
        false => masker,
    }
}

/// Where values have to stay unique, a digest of a few characters might not be.
fn roomy(column: &Column, text: TextType, masker: Masker) -> Result<Masker, String> {
    match text.limit {
        Some(limit) if column.unique && limit < UNIQUE_FROM => Err(format!(
            "it is unique, and {limit} characters are too few for a digest to stay unique \
             ({UNIQUE_FROM} are needed): try `Mask::Code`"
        )),
        _ => Ok(masker),
    }
}

fn not_unique(column: &Column, mask: &Mask, masker: Masker) -> Result<Masker, String> {
    match column.unique {
        true => Err(format!(
            "it is unique, and `Mask::{mask:?}` is too short to stay unique: try `Mask::Text` or `Mask::Code`"
        )),
        false => Ok(masker),
    }
}
