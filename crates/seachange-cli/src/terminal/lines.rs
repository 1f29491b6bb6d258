//! A question as lines of text, answered by a line: for readers of screens, and for terminals that can't draw.

use std::io::{self, BufRead};
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

/// What somebody did.
pub(super) enum Answer {
    Line(String),
    /// The input ended.
    Nothing,
    /// Ctrl-C.
    Interrupted,
}

/// Whoever waits for an answer: from before the question is shown, so that no Ctrl-C is missed.
pub(super) struct Asking {
    answers: Receiver<Answer>,
    answer: Sender<Answer>,
    listening: JoinHandle<()>,
}

impl Asking {
    /// To be called within the runtime.
    pub(super) fn begin() -> Self {
        let (answer, answers) = channel();
        let interrupted = answer.clone();
        // Heard from now on, not only when somebody waits for it.
        let signal = signal(SignalKind::interrupt());
        let listening = tokio::spawn(async move {
            if let Ok(mut signal) = signal
                && signal.recv().await.is_some()
            {
                // The question may have been answered meanwhile.
                let _ = interrupted.send(Answer::Interrupted);
            }
        });
        Self {
            answers,
            answer,
            listening,
        }
    }

    /// Waits for a line.
    pub(super) fn read(&self) -> Answer {
        let lines = self.answer.clone();
        std::thread::spawn(move || {
            let mut line = String::new();
            let read = io::stdin().lock().read_line(&mut line);
            let answer = match read {
                Ok(1..) => Answer::Line(line.trim().to_owned()),
                Ok(0) | Err(_) => Answer::Nothing,
            };
            // After Ctrl-C nobody waits for it any more.
            let _ = lines.send(answer);
        });
        self.answers.recv().unwrap_or(Answer::Nothing)
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// `2` of so many options, counted from 1; none for anything else.
pub(super) fn number(line: &str, options: usize) -> Option<usize> {
    let number: usize = line.parse().ok()?;
    (1..=options).contains(&number).then(|| number - 1)
}

/// Whether that is a spoken yes.
pub(super) fn is_yes(line: &str) -> bool {
    ["y", "yes"]
        .iter()
        .any(|yes| line.eq_ignore_ascii_case(yes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_offered_is_an_answer() {
        assert_eq!(number("2", 2), Some(1));
        for line in ["", "0", "3", "one", "-1", "1 2"] {
            assert_eq!(number(line, 2), None, "{line}");
        }
        assert!(is_yes("yes") && is_yes("Y"));
        for line in ["", "no", "yess", "1"] {
            assert!(!is_yes(line), "{line}");
        }
    }
}
