//! Migrations that are held back: they take away what code that still runs may need, and so wait until somebody says
//! that none does, or until the one before them is old enough.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::program::Program;
use super::run::{Allow, Settings};
use super::standing::{Standing, State, Status};

/// Marks what is pending and asks in its header to be held back.
pub(super) async fn mark(program: &Program, status: &mut Status) {
    for standing in &mut status.migrations {
        if standing.state == State::Pending
            && let Some(member) = program.member(&standing.version)
        {
            standing.contract = member.is_contract().await;
        }
    }
}

/// The place among `versions`, all pending, of the first one that has to wait.
///
/// In a database that has no migration yet nothing waits: no code runs that knows the old shape.
pub(super) fn first_held(
    status: &Status,
    versions: &[&str],
    settings: &Settings,
    now: DateTime<Utc>,
) -> Option<usize> {
    if settings.allows(Allow::Contract) || !status.migrations.iter().any(Standing::is_in_effect) {
        return None;
    }
    versions.iter().position(|version| {
        let standing = status.of(version);
        // One that stands half-way was begun on purpose.
        standing.is_some_and(|standing| standing.contract && standing.halfway.is_none())
            && !is_ripe(status, version, settings, now)
    })
}

/// Whether the migration before this one was applied long enough ago.
fn is_ripe(status: &Status, version: &str, settings: &Settings, now: DateTime<Utc>) -> bool {
    let Some(after) = settings.contract_after else {
        return false;
    };
    let Ok(after) = TimeDelta::from_std(after) else {
        return false;
    };
    let place = (status.migrations.iter()).position(|standing| standing.version == version);
    let before = place
        .and_then(|place| place.checked_sub(1))
        .and_then(|place| status.migrations[place].applied_at);
    before.is_some_and(|applied| now - applied >= after)
}

/// `12h`, `7d`, `30min`.
pub(super) fn age(text: &str) -> Result<Duration, String> {
    let wrong = || "it is a number with `min`, `h` or `d`".to_owned();
    let split = text
        .find(|character: char| !character.is_ascii_digit())
        .ok_or_else(wrong)?;
    let (number, unit) = text.split_at(split);
    let seconds: u64 = match unit.trim() {
        "s" => 1,
        "min" | "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number
        .checked_mul(seconds)
        .map(Duration::from_secs)
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(applied: &[Option<i64>]) -> Status {
        let migrations = (applied.iter().enumerate())
            .map(|(number, hours)| Standing {
                version: format!("m{number}"),
                state: match hours {
                    Some(_) => State::Applied,
                    None => State::Pending,
                },
                applied_at: hours.map(|hours| Utc::now() - TimeDelta::hours(hours)),
                contract: hours.is_none() && number == applied.len() - 1,
                ..Standing::default()
            })
            .collect();
        Status {
            migrations,
            problems: vec![],
            kept: vec![],
        }
    }

    fn held(status: &Status, settings: &Settings) -> Option<usize> {
        let pending = status
            .migrations
            .iter()
            .filter(|one| one.state == State::Pending);
        let versions: Vec<&str> = pending.map(|one| one.version.as_str()).collect();
        first_held(status, &versions, settings, Utc::now())
    }

    #[test]
    fn it_waits_for_consent_or_until_it_is_ripe() {
        let usual = Settings::default();
        assert_eq!(held(&status(&[Some(5), None, None]), &usual), Some(1));
        assert_eq!(held(&status(&[None, None]), &usual), None);
        let said = Settings {
            allow: [Allow::Contract].into(),
            ..Settings::default()
        };
        assert_eq!(held(&status(&[Some(5), None]), &said), None);
        let later = Settings {
            contract_after: Some(Duration::from_secs(4 * 3600)),
            ..Settings::default()
        };
        assert_eq!(held(&status(&[Some(5), None]), &later), None);
        assert_eq!(held(&status(&[Some(3), None]), &later), Some(0));
        assert_eq!(held(&status(&[Some(5), None, None]), &later), Some(1));
    }
}
