//! What becomes of one value. Everything here is a function of the key and the value alone: it knows no
//! table and no column, so that equal values stay equal wherever they stand.

mod keyed;
mod permutation;

mod digits;
mod integer;
mod symbols;

mod bytes;
mod day;
mod text;
mod uuid;

mod array;
mod json;

mod masker;

pub(super) use integer::{Integers, Width};
pub(super) use json::Keys;
pub(super) use keyed::Keyed;
pub(super) use masker::{Masker, TextType};
pub(super) use permutation::Permutation;
pub(super) use text::UNIQUE_FROM;
