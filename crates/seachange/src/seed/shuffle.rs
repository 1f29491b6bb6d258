//! The numbers below a bound in another order, each exactly once, without a list of them.

use super::key::{join, mix};

/// A keyed permutation of `0..bound`: a Feistel network over the smallest even number of bits, walked along
/// its cycle until it is back below the bound (Black and Rogaway, "Ciphers with arbitrary finite domains",
/// 2002). Not a cipher: its rounds are too few and too weak for that.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shuffle {
    key: u64,
    bound: u64,
    /// Bits of one half.
    half: u32,
}

const ROUNDS: u64 = 4;

impl Shuffle {
    /// `bound` is at least 1 and at most 2^62.
    pub(super) fn new(key: u64, bound: u64) -> Self {
        let bits = 64 - bound.saturating_sub(1).leading_zeros();
        Self {
            key,
            bound,
            half: bits.div_ceil(2).max(1),
        }
    }

    /// Where `place` went; `place` is below the bound.
    pub(super) fn at(self, place: u64) -> u64 {
        debug_assert!(place < self.bound);
        let mut place = place;
        loop {
            place = self.round_trip(place);
            if place < self.bound {
                return place;
            }
        }
    }

    fn round_trip(self, place: u64) -> u64 {
        let mask = (1 << self.half) - 1;
        let (mut left, mut right) = (place >> self.half, place & mask);
        for round in 0..ROUNDS {
            let mixed = mix(join(self.key, round) ^ right) & mask;
            (left, right) = (right, left ^ mixed);
        }
        (left << self.half) | right
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Shuffle;

    #[test]
    fn each_number_comes_once() {
        for bound in [1, 2, 3, 4, 5, 16, 17, 1000, 65_536, 65_537] {
            for key in [0, 1, u64::MAX] {
                let shuffle = Shuffle::new(key, bound);
                let seen: BTreeSet<u64> = (0..bound).map(|place| shuffle.at(place)).collect();
                assert_eq!(seen.len() as u64, bound);
                assert!(seen.iter().all(|number| *number < bound));
            }
        }
    }

    #[test]
    fn another_key_is_another_order() {
        let order = |key| {
            (0..100)
                .map(|place| Shuffle::new(key, 100).at(place))
                .collect::<Vec<_>>()
        };
        assert_ne!(order(1), order(2));
        assert_ne!(order(1), (0..100).collect::<Vec<_>>());
    }
}
