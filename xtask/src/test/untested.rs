//! What a run leaves untested because the machine lacks something: tests that pass without having looked write what is
//! missing and their names into a file, and the run ends with their number.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Names the file to the tests.
pub(super) const UNTESTED: &str = "SEACHANGE_UNTESTED";

/// The file of one run, which goes with the value.
pub(super) struct Untested {
    file: PathBuf,
}

impl Untested {
    pub(super) fn begin() -> Self {
        let name = format!("seachange-untested-{}", std::process::id());
        let file = std::env::temp_dir().join(name);
        // One of an earlier process of that number would count again.
        let _ = std::fs::remove_file(&file);
        Self { file }
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// What there is to say at the end of the run.
    pub(super) fn told(&self) -> Option<String> {
        told(&std::fs::read_to_string(&self.file).unwrap_or_default())
    }
}

impl Drop for Untested {
    fn drop(&mut self) {
        // There is none where everything was tested.
        let _ = std::fs::remove_file(&self.file);
    }
}

/// A line is what is missing, a tab, and the test.
fn told(lines: &str) -> Option<String> {
    let mut missing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (what, test) in lines.lines().filter_map(|line| line.split_once('\t')) {
        missing.entry(what).or_default().insert(test);
    }
    let told = missing.iter().map(|(what, tests)| {
        let number = match tests.len() {
            1 => "1 test needs".to_owned(),
            number => format!("{number} tests need"),
        };
        let tests: Vec<&str> = tests.iter().copied().collect();
        format!(
            "!! NOT TESTED: {number} {what}, which is not here ({}): {}",
            remedy(what),
            tests.join(", ")
        )
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join("\n"))
}

fn remedy(what: &str) -> String {
    match what {
        "chromium" => "`apt-get install chromium`, or name one in SEACHANGE_CHROMIUM".to_owned(),
        "pwsh" => "PowerShell; Debian has no package of it".to_owned(),
        "man" => "`apt-get install man-db`".to_owned(),
        what => format!("`apt-get install {what}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn every_test_is_counted_once() {
        assert_eq!(told(""), None);
        let one = told("chromium\ttables::one\n").unwrap();
        assert!(one.contains("1 test needs chromium"), "{one}");
        assert!(one.ends_with(": tables::one"), "{one}");
        let two = told("zsh\tb\nfish\tc\nzsh\ta\nzsh\tb\n").unwrap();
        let lines: Vec<&str> = two.lines().collect();
        assert!(lines[0].contains("1 test needs fish"), "{two}");
        assert!(
            lines[1].contains("2 tests need zsh") && two.ends_with(": a, b"),
            "{two}"
        );
    }
}
