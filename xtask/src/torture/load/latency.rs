//! How long statements took.

use std::time::{Duration, Instant};

/// Statements of a span of time.
pub(super) struct Latency {
    sorted: Vec<Duration>,
    span: Duration,
}

impl Latency {
    /// Of those that were under way between the two.
    pub(super) fn between(all: &[(Instant, Duration)], start: Instant, end: Instant) -> Self {
        let under_way =
            |(begun, took): &&(Instant, Duration)| *begun < end && *begun + *took > start;
        let mut sorted: Vec<Duration> = all.iter().filter(under_way).map(|one| one.1).collect();
        sorted.sort_unstable();
        Self {
            sorted,
            span: end.saturating_duration_since(start),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// The one that so many of a thousand are below.
    pub(super) fn at(&self, share: usize) -> Duration {
        let at = self.sorted.len() * share / 1000;
        let at = at.min(self.sorted.len().saturating_sub(1));
        self.sorted.get(at).copied().unwrap_or_default()
    }

    pub(super) fn most(&self) -> Duration {
        self.sorted.last().copied().unwrap_or_default()
    }

    pub(super) fn a_second(&self) -> f64 {
        let seconds = self.span.as_secs_f64();
        match seconds > 0.0 {
            #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
            true => self.sorted.len() as f64 / seconds,
            false => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_under_way_counts() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let took = Duration::from_secs;
        let all = [
            (at(1), took(1)),
            (at(8), took(4)),
            (at(11), took(3)),
            (at(12), took(1)),
            (at(30), took(9)),
        ];
        let latency = Latency::between(&all, at(10), at(20));
        assert_eq!(latency.at(0), took(1));
        assert_eq!(latency.at(500), took(3));
        assert_eq!(latency.most(), took(4));
        assert!((latency.a_second() - 0.3).abs() < 1e-9);
        assert!(Latency::between(&all, at(21), at(22)).is_empty());
    }
}
