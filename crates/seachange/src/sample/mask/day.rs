//! Dates and timestamps: all are moved by one number of days, back in time, so that order and distance
//! stay and nothing comes to lie in the future. The time of day stays as it is in a timestamp.

use super::keyed::Keyed;
use super::masker::Unmaskable;
use super::permutation::Permutation;

const AT_LEAST: i64 = 100;
const CHOICES: u128 = 1000;
const SECONDS: u128 = 24 * 60 * 60;

/// How many days this key moves dates back: 100 to 1,099.
fn shift(keyed: &Keyed) -> i64 {
    let choice = keyed.number(b"days", b"") % CHOICES;
    AT_LEAST + i64::try_from(choice).expect("below a thousand")
}

/// A date, or a timestamp with or without time zone, as PostgreSQL writes it with `DateStyle` ISO.
pub(super) fn mask_day(keyed: &Keyed, value: &str) -> Result<String, Unmaskable> {
    if matches!(value, "infinity" | "-infinity") {
        return Ok(value.to_owned());
    }
    let (value, before_christ) = match value.strip_suffix(" BC") {
        Some(value) => (value, true),
        None => (value, false),
    };
    let (date, time) = value.split_at(value.find([' ', 'T']).unwrap_or(value.len()));
    let (year, month, day) = parts(date).ok_or(Unmaskable::NOT_A_DATE)?;
    let year = if before_christ { 1 - year } else { year };
    let (year, month, day) = civil(days(year, month, day) - shift(keyed));
    Ok(match year > 0 {
        true => format!("{year:04}-{month:02}-{day:02}{time}"),
        false => format!("{:04}-{month:02}-{day:02}{time} BC", 1 - year),
    })
}

/// Text that is a date of four-digit years, alone or with a time behind it.
pub(super) fn mask_if_day(keyed: &Keyed, value: &str) -> Option<String> {
    let (date, time) = value.split_at_checked(10)?;
    let (year, month, day) = parts(date)?;
    let is_time = time.is_empty()
        || time.starts_with(['T', ' '])
            && time.len() >= 6
            && time[1..]
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b":.+-Z".contains(&byte));
    // The 30th of February would become the 2nd of March, which somebody else may have.
    let is_day = year >= 100 && civil(days(year, month, day)) == (year, month, day);
    (is_time && is_day).then(|| mask_day(keyed, value).ok())?
}

/// A time of day: another second of the day, and another fraction of that.
pub(super) fn mask_time(keyed: &Keyed, value: &str) -> Result<String, Unmaskable> {
    let wrong = Unmaskable::NOT_A_TIME;
    let (clock, zone) = value.split_at(value.find(['+', '-']).unwrap_or(value.len()));
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut seconds: u128 = 0;
    for part in clock.splitn(3, ':') {
        seconds = 60 * seconds + part.parse::<u128>().map_err(|_| wrong)?;
    }
    // The end of the day is a time to PostgreSQL.
    if seconds == SECONDS {
        return Ok(value.to_owned());
    }
    if seconds > SECONDS {
        return Err(wrong);
    }
    let seconds = Permutation::new(keyed, b"time", SECONDS).elsewhere(seconds);
    let clock = format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    if fraction.is_empty() {
        return Ok(clock + zone);
    }
    let bound = 10_u128.pow(u32::try_from(fraction.len()).map_err(|_| wrong)?.min(9));
    let fraction: u128 = fraction.parse().map_err(|_| wrong)?;
    let masked = Permutation::new(keyed, b"fraction", bound).elsewhere(fraction.min(bound - 1));
    let width = bound.ilog10() as usize;
    Ok(format!("{clock}.{masked:0width$}{zone}"))
}

fn parts(date: &str) -> Option<(i64, i64, i64)> {
    let mut parts = date.splitn(3, '-').map(|part| {
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse().ok())?
    });
    Some((parts.next()??, parts.next()??, parts.next()??))
}

/// Days since 1970-01-01 of the proleptic Gregorian calendar, which PostgreSQL uses too; chrono's ends
/// earlier. (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms")
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The reverse of [`days`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate};

    use super::*;

    #[test]
    fn the_calendar_is_chronos() {
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        for number in (-800_000..800_000).step_by(97) {
            let date = epoch + chrono::Duration::days(number);
            let (year, month, day) = civil(number);
            let parts: [i64; 3] = [date.year().into(), date.month().into(), date.day().into()];
            assert_eq!(parts, [year, month, day], "{number}");
            assert_eq!(days(year, month, day), number);
        }
    }

    #[test]
    fn all_move_by_the_same_days() {
        let keyed = Keyed::new(&[1; 32]);
        let by = shift(&keyed);
        assert!((100..1100).contains(&by));
        let date = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
        for value in ["1984-02-29", "2026-03-01", "0100-01-01"] {
            let masked = mask_day(&keyed, value).unwrap();
            assert_eq!((date(value) - date(&masked)).num_days(), by);
        }
        let masked = mask_day(&keyed, "2026-03-01 14:23:11.5+00").unwrap();
        assert!(masked.ends_with(" 14:23:11.5+00"), "{masked}");
        assert_eq!(mask_day(&keyed, "infinity").unwrap(), "infinity");
        assert!(mask_day(&keyed, "0001-01-01").unwrap().ends_with(" BC"));
        assert!(mask_day(&keyed, "0044-03-15 BC").unwrap().ends_with(" BC"));
        assert!(mask_day(&keyed, "12026-03-01").unwrap().starts_with("1202"));
    }

    #[test]
    fn text_is_a_date_only_if_all_of_it_is() {
        let keyed = Keyed::new(&[1; 32]);
        for value in ["2026-03-01", "2026-03-01T10:00:00Z", "2026-03-01 10:00"] {
            assert!(mask_if_day(&keyed, value).is_some(), "{value}");
        }
        for value in [
            "2026-13-01",
            "2026-02-30",
            "0000-01-01",
            "2026-03-01 Ada",
            "2026-03-011",
            "2026-03",
            "2026-03-01T",
        ] {
            assert_eq!(mask_if_day(&keyed, value), None, "{value}");
        }
    }

    #[test]
    fn times_stay_times() {
        let keyed = Keyed::new(&[1; 32]);
        assert_eq!(mask_time(&keyed, "24:00:00").unwrap(), "24:00:00");
        for value in [
            "08:30:00",
            "00:00:00+01",
            "23:59:59.5",
            "12:00:00.000001-05:30",
        ] {
            let masked = mask_time(&keyed, value).unwrap();
            assert_eq!(masked.len(), value.len(), "{masked}");
            assert_ne!(masked[..8], value[..8]);
            assert_eq!(
                masked.split(['+', '-']).nth(1),
                value.split(['+', '-']).nth(1)
            );
        }
    }
}
