//! What a run leaves untested because the machine lacks something: tests that pass without having looked write their
//! names into a file, and the run ends with their number.

use std::collections::BTreeSet;
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

fn told(lines: &str) -> Option<String> {
    let names: BTreeSet<&str> = lines.lines().collect();
    let tests = match names.len() {
        0 => return None,
        1 => "1 test needs".to_owned(),
        number => format!("{number} tests need"),
    };
    let names: Vec<&str> = names.into_iter().collect();
    Some(format!(
        "!! NOT TESTED in a browser: {tests} chromium, which is not here (`apt-get install chromium`, or name one in \
         SEACHANGE_CHROMIUM): {}",
        names.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn every_test_is_counted_once() {
        assert_eq!(told(""), None);
        let one = told("tables::one\n").unwrap();
        assert!(one.contains("browser: 1 test needs chromium"), "{one}");
        assert!(one.ends_with(": tables::one"), "{one}");
        let two = told("b\na\nb\n").unwrap();
        assert!(
            two.contains("2 tests need") && two.ends_with(": a, b"),
            "{two}"
        );
    }
}
