//! A keyed permutation of the numbers below a bound: two values never become one, however small the
//! bound is. A Feistel network with HMAC as its round function, walked until it lands below the bound.

use super::keyed::{Keyed, first_half};

/// As many as NIST's FF1 has left of its ten after its attacks on small domains are taken off.
const ROUNDS: u8 = 8;

/// Below this bound a value is never left where it is: above it, that happens to one in a million.
const SMALL: u128 = 1 << 20;

/// A one-to-one map of `0..bound` onto itself.
#[derive(Clone)]
pub(in crate::sample) struct Permutation {
    keyed: Keyed,
    bound: u128,
    /// Bits of one half.
    half: u32,
}

impl Permutation {
    /// The label chooses one of the many permutations of that bound.
    pub(in crate::sample) fn new(keyed: &Keyed, label: &[u8], bound: u128) -> Self {
        let bits = u128::BITS - bound.saturating_sub(1).leading_zeros();
        Self {
            keyed: keyed.labelled(label).labelled(&bound.to_be_bytes()),
            bound,
            half: bits.div_ceil(2).max(1),
        }
    }

    /// Where a value goes; perhaps to itself.
    pub(in crate::sample) fn forward(&self, value: u128) -> u128 {
        self.walk(value, |value| {
            (0..ROUNDS).fold(value, |value, round| {
                let (left, right) = self.split(value);
                self.join(right, left ^ self.round(round, right))
            })
        })
    }

    fn backward(&self, value: u128) -> u128 {
        self.walk(value, |value| {
            (0..ROUNDS).rev().fold(value, |value, round| {
                let (left, right) = self.split(value);
                self.join(right ^ self.round(round, left), left)
            })
        })
    }

    /// Where a value goes, which in a small domain is never itself: one step of a shift, seen through
    /// the permutation. In a large one the permutation itself does, in half the time.
    pub(in crate::sample) fn elsewhere(&self, value: u128) -> u128 {
        if self.bound > SMALL {
            return self.forward(value);
        }
        self.backward((self.forward(value) + 1) % self.bound.max(1))
    }

    /// A permutation of a larger domain, repeated until it is back below the bound, is one of the bound.
    fn walk(&self, value: u128, step: impl Fn(u128) -> u128) -> u128 {
        debug_assert!(value < self.bound.max(1));
        if self.bound < 2 {
            return value;
        }
        let mut value = step(value);
        while value >= self.bound {
            value = step(value);
        }
        value
    }

    fn split(&self, value: u128) -> (u128, u128) {
        (value >> self.half, value & self.mask())
    }

    fn join(&self, left: u128, right: u128) -> u128 {
        left << self.half | right
    }

    fn mask(&self) -> u128 {
        (1 << self.half) - 1
    }

    fn round(&self, round: u8, half: u128) -> u128 {
        let mut message = [0; 17];
        message[0] = round;
        message[1..].copy_from_slice(&half.to_be_bytes());
        first_half(&self.keyed.finish(&message)) & self.mask()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_value_goes_to_another_and_comes_back() {
        let keyed = Keyed::new(&[7; 32]);
        for bound in [2, 3, 9, 10, 81, 100, 500] {
            let permutation = Permutation::new(&keyed, b"test", bound);
            let mut there = BTreeSet::new();
            let mut elsewhere = BTreeSet::new();
            for value in 0..bound {
                let to = permutation.forward(value);
                assert!(to < bound);
                assert_eq!(permutation.backward(to), value);
                there.insert(to);
                assert_ne!(permutation.elsewhere(value), value);
                elsewhere.insert(permutation.elsewhere(value));
            }
            assert_eq!(there.len() as u128, bound);
            assert_eq!(elsewhere.len() as u128, bound);
        }
        assert_eq!(Permutation::new(&keyed, b"test", 1).elsewhere(0), 0);
    }

    #[test]
    fn large_bounds_are_kept() {
        let keyed = Keyed::new(&[7; 32]);
        for bound in [
            (1 << 30) - 5,
            1 << 52,
            (1 << 63) - (1 << 52),
            10_u128.pow(30),
        ] {
            let permutation = Permutation::new(&keyed, b"test", bound);
            for value in [0, 1, 77, bound - 1] {
                let to = permutation.forward(value);
                assert!(to < bound && to != value);
                assert_eq!(permutation.backward(to), value);
            }
        }
    }

    #[test]
    fn key_label_and_bound_choose_the_permutation() {
        let one = Keyed::new(&[1; 32]);
        let all = |permutation: &Permutation| -> Vec<u128> {
            (0..50).map(|value| permutation.forward(value)).collect()
        };
        let first = all(&Permutation::new(&one, b"a", 1000));
        assert_eq!(first, all(&Permutation::new(&one, b"a", 1000)));
        assert_ne!(first, all(&Permutation::new(&one, b"b", 1000)));
        assert_ne!(
            first,
            all(&Permutation::new(&Keyed::new(&[2; 32]), b"a", 1000))
        );
    }
}
