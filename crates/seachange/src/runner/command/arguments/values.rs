//! How the values of flags are written.

use std::time::Duration;

/// `m20260101_000000_name:3`, or the end of the version.
pub(super) fn place(text: &str) -> Result<(String, u32), String> {
    let wrong = || "it reads VERSION:N, with the number of a statement".to_owned();
    let (version, number) = text.rsplit_once(':').ok_or_else(wrong)?;
    let number = number.parse().map_err(|_| wrong())?;
    match (version, number) {
        ("", _) | (_, 0) => Err(wrong()),
        _ => Ok((version.to_owned(), number)),
    }
}

/// `500ms`, `2s`, `2` (seconds), `5min`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let split = text
        .find(|char: char| !char.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let millis = match unit.trim() {
        "ms" => 1,
        "" | "s" => 1000,
        "min" | "m" => 60_000,
        _ => return Err("a time is a number with `ms`, `s` or `min`".to_owned()),
    };
    let number: u64 = number
        .parse()
        .map_err(|_| "a time is a number with `ms`, `s` or `min`".to_owned())?;
    // PostgreSQL takes such times as 32-bit milliseconds.
    match number.checked_mul(millis) {
        Some(millis) if millis <= i32::MAX as u64 => Ok(Duration::from_millis(millis)),
        _ => Err("that is too long".to_owned()),
    }
}
