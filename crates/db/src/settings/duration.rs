//! Durations as PostgreSQL's own settings spell them, save that the unit must be there.

use std::time::Duration;

/// `500ms`, `30s`, `10min`, `1h`, `1d`; more than nothing.
pub(super) fn positive(text: &str) -> Option<Duration> {
    let unit = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit);
    let number: u64 = number.parse().ok()?;
    let milliseconds = match unit.trim_start() {
        "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    // PostgreSQL keeps a timeout as a signed 32-bit number of milliseconds.
    let total = number.checked_mul(milliseconds)?;
    (1..=i32::MAX as u64)
        .contains(&total)
        .then(|| Duration::from_millis(total))
}

/// The same, or `0` and `off` for none at all.
pub(super) fn or_off(text: &str) -> Option<Option<Duration>> {
    match text {
        "0" | "off" => Some(None),
        _ => positive(text).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read() {
        for (text, milliseconds) in [
            ("500ms", 500),
            ("30s", 30_000),
            ("10 min", 600_000),
            ("1h", 3_600_000),
            ("24d", 2_073_600_000),
        ] {
            assert_eq!(
                positive(text),
                Some(Duration::from_millis(milliseconds)),
                "{text}"
            );
            assert_eq!(or_off(text), Some(positive(text)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "30",
            "s",
            "-1s",
            "1.5s",
            "30 seconds",
            "0s",
            "25d",
            "99999999999999999999s",
        ] {
            assert_eq!(positive(text), None, "{text}");
        }
        assert_eq!(or_off("0"), Some(None));
        assert_eq!(or_off("off"), Some(None));
        assert_eq!(or_off("30"), None);
    }
}
