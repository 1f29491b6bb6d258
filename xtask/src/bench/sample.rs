//! What was measured of one process, and what many of them come to.

use std::time::Duration;

#[derive(Clone, Copy)]
pub(super) struct Sample {
    pub(super) wall: Duration,
    /// User and system time.
    pub(super) cpu: Duration,
    /// The most memory that was resident, in bytes.
    pub(super) peak: u64,
}

/// Medians, and how far the wall times lie apart.
pub(super) struct Summary {
    pub(super) wall: Duration,
    pub(super) least: Duration,
    pub(super) most: Duration,
    pub(super) cpu: Duration,
    pub(super) peak: u64,
    pub(super) runs: usize,
}

impl Summary {
    /// Nothing of nothing.
    pub(super) fn of(samples: &[Sample]) -> Option<Self> {
        let wall = sorted(samples, |sample| sample.wall);
        Some(Self {
            wall: median(&wall)?,
            least: *wall.first()?,
            most: *wall.last()?,
            cpu: median(&sorted(samples, |sample| sample.cpu))?,
            peak: median(&sorted(samples, |sample| sample.peak))?,
            runs: samples.len(),
        })
    }
}

fn sorted<T: Ord>(samples: &[Sample], part: impl Fn(&Sample) -> T) -> Vec<T> {
    let mut parts: Vec<T> = samples.iter().map(part).collect();
    parts.sort();
    parts
}

/// The middle one, the lower of two.
pub(super) fn median<T: Copy>(sorted: &[T]) -> Option<T> {
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&[1, 2, 9]), Some(2));
        assert_eq!(median(&[1, 2]), Some(1));
        assert_eq!(median::<u8>(&[]), None);
    }
}
