//! Which migration a version means that somebody typed.

use super::error::SourceError;

/// How many of `versions` (sorted) there are up to and with the one that is asked for: by its whole
/// version, else by what only one begins with, is called, or ends with.
pub(super) fn count_upto(versions: &[&str], asked: &str) -> Result<usize, SourceError> {
    let ways: [&dyn Fn(&str) -> bool; 4] = [
        &|version| version == asked,
        &|version| version.starts_with(asked),
        &|version| name_of(version) == asked,
        &|version| version.ends_with(asked),
    ];
    for matches in ways {
        let found: Vec<usize> = (0..versions.len())
            .filter(|&index| matches(versions[index]))
            .collect();
        match found.as_slice() {
            [] => {}
            [one] => return Ok(one + 1),
            several => {
                return Err(SourceError::AmbiguousVersion {
                    asked: asked.to_owned(),
                    matching: several.iter().map(|&i| versions[i].to_owned()).collect(),
                });
            }
        }
    }
    Err(SourceError::UnknownVersion {
        asked: asked.to_owned(),
        nearest: nearest(versions, asked),
    })
}

/// What stands behind the time: `add_phone_number` of `m20261122_101500_add_phone_number`.
fn name_of(version: &str) -> &str {
    version.splitn(3, '_').nth(2).unwrap_or(version)
}

/// The most alike, the newest first where several are; those are what is usually meant.
fn nearest(versions: &[&str], asked: &str) -> Vec<String> {
    const SHOWN: usize = 3;
    let mut ranked: Vec<(usize, &str)> = versions
        .iter()
        .rev()
        .map(|version| {
            let whole = edits(version, asked);
            (whole.min(edits(name_of(version), asked)), *version)
        })
        .collect();
    ranked.sort_by_key(|(distance, _)| *distance);
    let shown = ranked.iter().take(SHOWN);
    shown.map(|(_, version)| (*version).to_owned()).collect()
}

/// How many letters one must add, drop or change to come from one to the other.
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSIONS: [&str; 4] = [
        "m20260101_000000_initial",
        "m20260102_000000_add_phone",
        "m20260102_000001_add_mail",
        "m20260103_000000_drop_mail",
    ];

    #[test]
    fn a_version_is_found_by_what_is_unique_about_it() {
        for (asked, count) in [
            ("m20260101_000000_initial", 1),
            ("m20260101", 1),
            ("initial", 1),
            ("phone", 2),
            ("add_phone", 2),
            ("m20260102_000001", 3),
            ("drop_mail", 4),
        ] {
            assert_eq!(count_upto(&VERSIONS, asked).unwrap(), count, "{asked}");
        }
    }

    #[test]
    fn what_means_several_or_none_is_refused_with_those() {
        let error = count_upto(&VERSIONS, "m20260102").unwrap_err();
        assert!(error.to_string().contains("add_phone"), "{error}");
        assert!(error.to_string().contains("add_mail"), "{error}");
        assert!(count_upto(&VERSIONS, "mail").is_err());
        match count_upto(&VERSIONS, "add_phnoe").unwrap_err() {
            SourceError::UnknownVersion { nearest, .. } => assert_eq!(nearest[0], VERSIONS[1]),
            error => panic!("{error}"),
        }
        assert!(count_upto(&[], "x").is_err());
    }
}
