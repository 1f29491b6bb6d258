//! Integers: sign and size class are kept, within them a keyed permutation. The lower class of each
//! type is chosen so that masked keys leave its sequence room to go on.

use super::keyed::Keyed;
use super::masker::Unmaskable;
use super::permutation::Permutation;

/// PostgreSQL's three integer types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sample) enum Width {
    Small,
    Integer,
    Big,
}

impl Width {
    /// Where the classes of this type end. Half of a type's range stays free above masked keys; the
    /// lower class of `bigint` ends where JavaScript's numbers stay exact.
    fn bounds(self) -> [u128; 2] {
        match self {
            Self::Small => [1 << 14, 1 << 15],
            Self::Integer => [1 << 30, 1 << 31],
            Self::Big => [1 << 52, 1 << 63],
        }
    }
}

/// The permutations of all integers that columns joined by foreign keys can hold: each type's range is
/// mapped onto itself, so that a narrow column can still refer to a wide one.
#[derive(Clone)]
pub(in crate::sample) struct Integers {
    /// From, to, and for each sign what happens between them.
    classes: Vec<(u128, u128, [Permutation; 2])>,
}

impl Integers {
    pub(in crate::sample) fn new(keyed: &Keyed, widths: &[Width]) -> Self {
        let mut bounds: Vec<u128> = widths.iter().flat_map(|width| width.bounds()).collect();
        bounds.sort_unstable();
        bounds.dedup();
        let mut from: u128 = 0;
        let mut classes = Vec::new();
        for to in bounds {
            let signed = |label: &[u8]| {
                Permutation::new(&keyed.labelled(&from.to_be_bytes()), label, to - from)
            };
            classes.push((from, to, [signed(b"integer"), signed(b"negative integer")]));
            from = to;
        }
        Self { classes }
    }

    pub(super) fn mask(&self, value: &str) -> Result<String, Unmaskable> {
        let number: i128 = value.parse().map_err(|_| Unmaskable::NOT_AN_INTEGER)?;
        // Two's complement is one longer on the negative side.
        let (sign, size) = match number < 0 {
            true => (1, (-1 - number).unsigned_abs()),
            false => (0, number.unsigned_abs()),
        };
        let (from, _, permutations) = self
            .classes
            .iter()
            .find(|(_, to, _)| size < *to)
            .ok_or(Unmaskable::NOT_AN_INTEGER)?;
        let to = from + permutations[sign].elsewhere(size - from);
        let to = i128::try_from(to).map_err(|_| Unmaskable::NOT_AN_INTEGER)?;
        Ok(match sign {
            1 => -1 - to,
            _ => to,
        }
        .to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn mask(widths: &[Width], value: i64) -> i64 {
        let integers = Integers::new(&Keyed::new(&[3; 32]), widths);
        integers.mask(&value.to_string()).unwrap().parse().unwrap()
    }

    #[test]
    fn ranges_and_signs_are_kept() {
        for value in [0, 1, -1, 16_383, 16_384, i16::MAX.into(), i16::MIN.into()] {
            let masked = mask(&[Width::Small], value);
            assert!(i16::try_from(masked).is_ok());
            assert_ne!(masked, value);
            assert_eq!(masked < 0, value < 0);
        }
        for value in [0, 5, -5, i32::MAX.into(), i32::MIN.into()] {
            assert!(i32::try_from(mask(&[Width::Integer], value)).is_ok());
        }
        for value in [0, 5, i64::MAX, i64::MIN] {
            assert_ne!(mask(&[Width::Big], value), value);
        }
        assert!(mask(&[Width::Integer], 1_000_000) < 1 << 30);
    }

    #[test]
    fn a_narrow_column_can_refer_to_a_wide_one() {
        let both = [Width::Integer, Width::Big];
        assert_eq!(mask(&both, 17), mask(&[Width::Integer], 17));
        assert!(i32::try_from(mask(&both, 17)).is_ok());
        assert!(mask(&both, 1 << 40) >= 1 << 31);
    }

    #[test]
    fn no_two_become_one() {
        let all: BTreeSet<i64> = (-500..500).map(|one| mask(&[Width::Small], one)).collect();
        assert_eq!(all.len(), 1000);
    }
}
