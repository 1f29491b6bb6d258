//! Numbers that look random and come from a seed: splitmix64.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[derive(Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// Its own numbers for each use of a seed.
    pub(crate) fn of(seed: u64, purpose: u64) -> Self {
        let mut random = Self(seed ^ purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        // Begun where a mixed number says: steps from neighbouring numbers would be the same numbers, one later.
        Self(random.next())
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of that many, from 0 on; 0 where there is none.
    pub(crate) fn below(&mut self, many: u64) -> u64 {
        self.next().checked_rem(many).unwrap_or_default()
    }

    /// Shorter than that.
    pub(crate) fn within(&mut self, time: Duration) -> Duration {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(self.below(micros))
    }
}

pub(crate) fn from_the_clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(1, |since| since.as_secs() % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_says_all() {
        let draw = |seed, purpose| {
            let mut random = Random::of(seed, purpose);
            [random.below(1000), random.below(1000), random.next()]
        };
        assert_eq!(draw(7, 1), draw(7, 1));
        assert_ne!(draw(7, 1), draw(7, 2));
        assert_ne!(draw(7, 1), draw(8, 1));
        let many = |purpose| {
            let mut random = Random::of(1, purpose);
            (0..50).map(move |_| random.next())
        };
        let first: Vec<u64> = many(1).collect();
        assert!((2..50).flat_map(many).all(|drawn| !first.contains(&drawn)));
        assert_eq!(Random::of(7, 1).below(0), 0);
        assert!(Random::of(7, 1).within(Duration::from_millis(3)) < Duration::from_millis(3));
    }
}
