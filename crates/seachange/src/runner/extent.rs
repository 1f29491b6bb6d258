//! How far to go: all, so many, or to a version; and which version a person meant.

use super::error::RunnerError;
use super::standing::{State, Status};

/// How far to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// As far as there are migrations.
    All,
    /// So many migrations.
    Steps(u32),
    /// Up: until this one is applied. Down: until this one is the last that is applied. A unique
    /// beginning or end of its version will do.
    To(String),
}

/// The pending migrations to apply, in order.
pub(super) fn upwards<'a>(
    status: &'a Status,
    extent: &Extent,
) -> Result<Vec<&'a str>, RunnerError> {
    let mut pending = status
        .migrations
        .iter()
        .filter(|standing| standing.state == State::Pending)
        .map(|standing| standing.version.as_str());
    Ok(match extent {
        Extent::All => pending.collect(),
        Extent::Steps(steps) => pending.by_ref().take(*steps as usize).collect(),
        Extent::To(given) => {
            let last = place_of(status, given)?;
            status.migrations[..=last]
                .iter()
                .filter(|standing| standing.state == State::Pending)
                .map(|standing| standing.version.as_str())
                .collect()
        }
    })
}

/// The applied migrations to take back, the latest first.
pub(super) fn downwards<'a>(
    status: &'a Status,
    extent: &Extent,
) -> Result<Vec<&'a str>, RunnerError> {
    let keep = match extent {
        Extent::To(given) => {
            let last = place_of(status, given)?;
            let standing = &status.migrations[last];
            if standing.state == State::Pending {
                return Err(RunnerError::NotApplied {
                    version: standing.version.clone(),
                });
            }
            last + 1
        }
        Extent::All | Extent::Steps(_) => 0,
    };
    let steps = match extent {
        Extent::Steps(steps) => *steps as usize,
        Extent::All | Extent::To(_) => usize::MAX,
    };
    Ok(status.migrations[keep..]
        .iter()
        .rev()
        .filter(|standing| standing.state == State::Applied)
        .map(|standing| standing.version.as_str())
        .take(steps)
        .collect())
}

/// Where in the list the version is that somebody means.
fn place_of(status: &Status, given: &str) -> Result<usize, RunnerError> {
    let versions: Vec<&str> = status
        .migrations
        .iter()
        .map(|standing| standing.version.as_str())
        .collect();
    if let Some(place) = versions.iter().position(|version| *version == given) {
        return Ok(place);
    }
    let matching: Vec<usize> = (0..versions.len())
        .filter(|place| versions[*place].starts_with(given) || versions[*place].ends_with(given))
        .collect();
    match matching.as_slice() {
        [place] if !given.is_empty() => Ok(*place),
        [] | [_] => Err(RunnerError::UnknownVersion {
            given: given.to_owned(),
            nearest: nearest(&versions, given),
        }),
        _ => Err(RunnerError::Ambiguous {
            given: given.to_owned(),
            versions: matching
                .iter()
                .map(|place| versions[*place].to_owned())
                .collect(),
        }),
    }
}

/// The three versions most like what was given, compared as wholes and by their names alone.
fn nearest(versions: &[&str], given: &str) -> Vec<String> {
    let name = |version: &str| version.splitn(3, '_').nth(2).unwrap_or(version).to_owned();
    let mut scored: Vec<(usize, &str)> = versions
        .iter()
        .map(|version| {
            let whole = distance(version, given);
            let names = distance(&name(version), &name(given)).min(distance(&name(version), given));
            (whole.min(names), *version)
        })
        .collect();
    scored.sort();
    scored
        .into_iter()
        .take(3)
        .map(|(_, version)| version.to_owned())
        .collect()
}

/// How many letters have to be added, removed or changed (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, left) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in other.iter().enumerate() {
            let changed = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::standing::Standing;

    const A: &str = "m20260101_000000_create_users";
    const B: &str = "m20260102_000000_add_phone";
    const C: &str = "m20260103_000000_add_fax";

    fn status(states: [State; 3]) -> Status {
        Status {
            migrations: [A, B, C]
                .iter()
                .zip(states)
                .map(|(version, state)| Standing {
                    version: (*version).to_owned(),
                    state,
                    ..Standing::default()
                })
                .collect(),
            problems: vec![],
            kept: Vec::new(),
        }
    }

    fn to(given: &str) -> Extent {
        Extent::To(given.to_owned())
    }

    #[test]
    fn up_takes_what_is_pending_as_far_as_asked() {
        let status = status([State::Applied, State::Pending, State::Pending]);
        assert_eq!(upwards(&status, &Extent::All).unwrap(), [B, C]);
        assert_eq!(upwards(&status, &Extent::Steps(1)).unwrap(), [B]);
        assert_eq!(upwards(&status, &Extent::Steps(0)).unwrap(), [""; 0]);
        assert_eq!(upwards(&status, &to(B)).unwrap(), [B]);
        assert_eq!(upwards(&status, &to("add_fax")).unwrap(), [B, C]);
        assert_eq!(upwards(&status, &to("m20260101")).unwrap(), [""; 0]);
    }

    #[test]
    fn down_goes_backwards() {
        let status = status([State::Applied, State::Applied, State::Pending]);
        assert_eq!(downwards(&status, &Extent::All).unwrap(), [B, A]);
        assert_eq!(downwards(&status, &Extent::Steps(1)).unwrap(), [B]);
        assert_eq!(downwards(&status, &to("create_users")).unwrap(), [B]);
        assert_eq!(downwards(&status, &to(B)).unwrap(), [""; 0]);
        assert!(matches!(
            downwards(&status, &to(C)),
            Err(RunnerError::NotApplied { .. })
        ));
    }

    #[test]
    fn what_nobody_knows_gets_the_nearest() {
        let status = status([State::Pending; 3]);
        match upwards(&status, &to("add_phoen")) {
            Err(RunnerError::UnknownVersion { nearest, .. }) => assert_eq!(nearest[0], B),
            other => panic!("{other:?}"),
        }
        match upwards(&status, &to("m2026")) {
            Err(RunnerError::Ambiguous { versions, .. }) => assert_eq!(versions, [A, B, C]),
            other => panic!("{other:?}"),
        }
        assert!(upwards(&status, &to("")).is_err());
    }
}
