//! A migration's version: `m20261122_101500_add_phone_number`, as SeaORM names its files. The time is
//! UTC, so that versions of people in different time zones sort.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use crate::migrations::MigrationsError;

/// The longest name that is accepted behind the time stamp.
pub const MAX_NAME: usize = 80;

const STAMP: &str = "m%Y%m%d_%H%M%S";
/// `m20261122_101500`.
pub(super) const STAMP_LENGTH: usize = 16;

/// Whether a file of this stem is a migration. More is accepted than is written here: sea-orm-cli
/// lets capital letters through.
pub fn is_version(stem: &str) -> bool {
    let Some((stamp, name)) = stem.split_at_checked(STAMP_LENGTH) else {
        return false;
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    stamp.starts_with('m')
        && digits(&stamp[1..9])
        && &stamp[9..10] == "_"
        && digits(&stamp[10..])
        && name.len() > 1
        && name.starts_with('_')
        && name
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || char == '_')
}

/// Whether a new migration may be called so: lower-case snake, as a Rust module and a file.
pub fn check_name(name: &str) -> Result<(), MigrationsError> {
    let why = if name.is_empty() {
        "it is empty"
    } else if name.len() > MAX_NAME {
        "it is too long"
    } else if !name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    {
        "only lower-case letters, digits and underscores are allowed"
    } else if name.starts_with('_') || name.ends_with('_') {
        "it begins or ends with an underscore"
    } else {
        return Ok(());
    };
    Err(MigrationsError::Name {
        name: name.to_owned(),
        why,
        suggestion: suggest(name),
    })
}

/// The version of a migration made at `now`: always behind every version that is there already,
/// whatever the clock says, and never in a second that is taken.
pub(super) fn next<'a>(
    now: DateTime<Utc>,
    name: &str,
    taken: impl Iterator<Item = &'a str>,
) -> Result<String, MigrationsError> {
    check_name(name)?;
    let at = behind(now, taken);
    Ok(format!("{}_{name}", stamp_text(at)))
}

/// The same name behind all of `taken`, and not before `at`.
pub(super) fn later<'a>(
    version: &str,
    at: DateTime<Utc>,
    taken: impl Iterator<Item = &'a str>,
) -> String {
    let name = version.get(STAMP_LENGTH + 1..).unwrap_or(version);
    format!("{}_{name}", stamp_text(behind(at, taken)))
}

/// A time behind that of every version that is there already.
fn behind<'a>(now: DateTime<Utc>, taken: impl Iterator<Item = &'a str>) -> NaiveDateTime {
    let mut at = now.naive_utc();
    for version in taken {
        if let Some(earlier) = stamp(version)
            && stamp_text(earlier) >= stamp_text(at)
        {
            at = earlier + TimeDelta::seconds(1);
        }
    }
    at
}

fn stamp_text(at: NaiveDateTime) -> String {
    at.format(STAMP).to_string()
}

/// The time in a version; none where someone wrote one that is no time, such as `m20220101_000099`.
fn stamp(version: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(version.get(..STAMP_LENGTH)?, STAMP).ok()
}

fn suggest(name: &str) -> Option<String> {
    let mut plain = String::new();
    for char in name.chars() {
        let char = if char.is_ascii_alphanumeric() {
            char.to_ascii_lowercase()
        } else {
            '_'
        };
        if char != '_' || !plain.ends_with('_') {
            plain.push(char);
        }
    }
    plain.truncate(MAX_NAME);
    let plain = plain.trim_matches('_');
    (!plain.is_empty()).then(|| plain.to_owned())
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn knows_a_version() {
        assert!(is_version("m20261122_101500_add_phone_number"));
        assert!(is_version("m20220101_000001_CreateTable"));
        for other in [
            "lib",
            "main",
            "m20261122_101500_",
            "m20261122_101500",
            "m2026112_1101500_x",
            "m20261122_101500_add-x",
            "mäöü61122_101500_x",
        ] {
            assert!(!is_version(other), "{other}");
        }
    }

    #[test]
    fn a_new_version_is_behind_all_others() {
        let now = Utc.with_ymd_and_hms(2026, 11, 22, 10, 15, 59).unwrap();
        let next = |taken: &[&str]| next(now, "x", taken.iter().copied()).unwrap();
        assert_eq!(next(&[]), "m20261122_101559_x");
        assert_eq!(next(&["m20261122_101558_a"]), "m20261122_101559_x");
        assert_eq!(next(&["m20261122_101559_a"]), "m20261122_101600_x");
        assert_eq!(
            next(&["m20261122_101600_b", "m20261122_101559_a"]),
            "m20261122_101601_x"
        );
        assert_eq!(next(&["m20271231_235959_future"]), "m20280101_000000_x");
    }

    #[test]
    fn a_name_that_will_not_do_is_refused_with_one_that_will() {
        check_name("add_phone_number2").unwrap();
        for (name, better) in [
            ("Add phone-number", Some("add_phone_number")),
            ("_x_", Some("x")),
            ("", None),
            ("äöü", None),
        ] {
            match check_name(name) {
                Err(MigrationsError::Name { suggestion, .. }) => {
                    assert_eq!(suggestion.as_deref(), better);
                }
                other => panic!("{name}: {other:?}"),
            }
        }
        check_name(&"x".repeat(MAX_NAME + 1)).unwrap_err();
    }
}
