//! How fast a fleet is gone through, and when it is stopped.

use std::str::FromStr;

use serde::Serialize;

/// How to go about it.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How many targets at once. Each has two connections while it is under way.
    pub parallel: usize,
    /// How many from the top of the list go first, with those that are marked.
    pub canaries: usize,
    /// When to stop.
    pub tolerance: Tolerance,
}

/// How many may fail, canaries apart: of those none may.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// So many.
    Count(usize),
    /// Percent of the whole list, rounded down.
    Share(f64),
}

/// Why some were not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Stopped {
    /// A canary failed.
    Canary,
    /// More failed than may.
    Failures,
    /// It was stopped from outside.
    Interrupted,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            parallel: 4,
            canaries: 0,
            tolerance: Tolerance::default(),
        }
    }
}

impl Default for Tolerance {
    fn default() -> Self {
        Self::Share(5.0)
    }
}

impl Tolerance {
    /// How many failures of that many targets are borne.
    pub(super) fn of(self, targets: usize) -> usize {
        match self {
            Self::Count(count) => count,
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a share of a list of targets, from 0 to all of them"
            )]
            Self::Share(percent) => (targets as f64 * percent / 100.0 + 1e-9).floor() as usize,
        }
    }
}

impl FromStr for Tolerance {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "it is a number of targets, or a share from `0%` to `100%`".to_owned();
        match text.trim().strip_suffix('%') {
            Some(share) => match share.trim().parse::<f64>() {
                Ok(share) if (0.0..=100.0).contains(&share) => Ok(Self::Share(share)),
                _ => Err(wrong()),
            },
            None => text.trim().parse().map(Self::Count).map_err(|_| wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_down() {
        let borne = |text: &str, of| text.parse::<Tolerance>().unwrap().of(of);
        assert_eq!(borne("5%", 20), 1);
        assert_eq!(borne("5%", 19), 0);
        assert_eq!(borne("0.1%", 1000), 1);
        assert_eq!(borne("100%", 7), 7);
        assert_eq!(borne("3", 7), 3);
        for wrong in ["", "%", "-1", "101%", "NaN%", "few"] {
            assert!(wrong.parse::<Tolerance>().is_err(), "{wrong}");
        }
    }
}
