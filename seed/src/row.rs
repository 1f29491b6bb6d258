//! What makes a row the same in every run: an id from its name, chance from its id, and a calendar
//! that doesn't look at the clock.

use chrono::{DateTime, Days, TimeDelta, TimeZone, Utc};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

/// The id of a row of a fixture, from its table and its name there.
pub(crate) fn id(table: &str, row: &str) -> Uuid {
    let namespace = Uuid::new_v5(&Uuid::NAMESPACE_DNS, b"cohortflow.org");
    Uuid::new_v5(&namespace, format!("{table}/{row}").as_bytes())
}

/// Chance of a row's own, so that a row added elsewhere leaves this one as it is. ChaCha gives the
/// same numbers on every machine and in every version, which `StdRng` doesn't promise.
pub(crate) fn rng(id: Uuid) -> ChaCha8Rng {
    let mut seed = [0; 32];
    seed[..16].copy_from_slice(id.as_bytes());
    ChaCha8Rng::from_seed(seed)
}

/// Some moment of the working day so many days after the program opened.
pub(crate) fn on_day(day: i64, rng: &mut ChaCha8Rng) -> DateTime<Utc> {
    let opened = Utc
        .with_ymd_and_hms(2026, 9, 1, 8, 0, 0)
        .single()
        .expect("UTC has no gaps");
    opened + TimeDelta::days(day) + TimeDelta::seconds(rng.random_range(0..36_000))
}

pub(crate) fn days_after(moment: DateTime<Utc>, days: u64) -> DateTime<Utc> {
    moment + Days::new(days)
}
