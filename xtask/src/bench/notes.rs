//! What is measured beside the table: builds, first migrations, and what was left out.

use std::cell::RefCell;
use std::fmt::Display;
use std::time::Duration;

/// Collected by everybody, printed at the end; each is shown on stderr as it comes.
#[derive(Default)]
pub(super) struct Notes {
    lines: RefCell<Vec<String>>,
}

impl Notes {
    pub(super) fn say(&self, line: impl Display) {
        eprintln!("  {line}");
        self.lines.borrow_mut().push(line.to_string());
    }

    /// The first time counts: what is done again was done already.
    pub(super) fn took(&self, what: impl Display, time: Duration) {
        let what = format!("{what}: ");
        if self
            .lines
            .borrow()
            .iter()
            .any(|line| line.starts_with(&what))
        {
            return;
        }
        self.say(format_args!("{what}{:.2} s", time.as_secs_f64()));
    }

    pub(super) fn into_lines(self) -> Vec<String> {
        self.lines.into_inner()
    }
}

/// Progress, for whoever waits.
pub(super) fn progress(line: impl Display) {
    eprintln!("{line}");
}
