//! How a run that goes on is shown: on a terminal one line that is written over, elsewhere a line now and
//! then.

use crate::telemetry::{note, speaks_json};
use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use rustix::termios::tcgetwinsize;

use crate::plain::may_redraw;

/// Where there is no terminal, no more often than this, unless another thing is said.
const QUIET: Duration = Duration::from_secs(10);

/// What is on the last line of stderr.
pub(super) struct Progress {
    terminal: bool,
    shown: bool,
    said: Option<(Instant, String)>,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self {
            terminal: io::stderr().is_terminal() && !speaks_json() && may_redraw(),
            shown: false,
            said: None,
        }
    }

    pub(super) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Shows how far something has come. `what` is the thing, `how_far` changes all the time; `share` of 100
    /// is drawn as a bar.
    pub(super) fn show(&mut self, what: &str, how_far: &str, share: Option<u64>) {
        if self.terminal {
            let bar = share.map_or_else(String::new, bar);
            let line = fitting(&format!("{what}: {how_far}{bar}"), width());
            // Back to the beginning, and the rest of the line cleared.
            let _ = write!(io::stderr(), "\r\x1b[K{line}").and_then(|()| io::stderr().flush());
            self.shown = true;
            return;
        }
        let due = self
            .said
            .as_ref()
            .is_none_or(|(at, said)| said != what || at.elapsed() >= QUIET);
        if due {
            note!("{what}: {how_far}");
            self.said = Some((Instant::now(), what.to_owned()));
        }
    }

    /// Takes the line away, before another is printed.
    pub(super) fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn bar(share: u64) -> String {
    const CELLS: u64 = 20;
    let full = share.min(100) * CELLS / 100;
    let cells: String = (0..CELLS)
        .map(|cell| if cell < full { '#' } else { '.' })
        .collect();
    format!(" [{cells}]")
}

/// A line that wraps can't be written over.
fn width() -> usize {
    let named = std::env::var("COLUMNS").ok();
    let named = named.and_then(|columns| columns.parse().ok());
    let asked = || Some(usize::from(tcgetwinsize(io::stderr()).ok()?.ws_col));
    named
        .filter(|columns| *columns > 0)
        .or_else(asked)
        .filter(|columns| *columns > 0)
        .unwrap_or(100)
        - 1
}

/// As much of the text as fits. What is not ASCII counts for two columns: too much is harmless, too little wraps.
fn fitting(text: &str, width: usize) -> String {
    let mut columns = 0;
    let fits = |character: &char| {
        columns += if character.is_ascii() { 1 } else { 2 };
        columns <= width
    };
    text.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn what_is_shown_never_wraps() {
        assert_eq!(fitting("abcdef", 4), "abcd");
        assert_eq!(fitting("a船b", 4), "a船b");
        assert_eq!(fitting("a船b", 2), "a");
        assert_eq!(fitting("", 0), "");
    }
}
