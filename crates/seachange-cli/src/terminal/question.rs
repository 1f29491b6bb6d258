//! Questions, and the refusals that stand in for them where nobody can answer.

use std::io::ErrorKind;

use inquire::{Confirm, InquireError, Select};

use super::Terminal;
use crate::failure::Failure;

/// What is to be asked, and the flags that answer it beforehand.
#[derive(Clone, Debug)]
pub(crate) struct Question<'a> {
    /// `drop all data of shop?`
    pub(crate) text: &'a str,
    /// What the refusal says where nobody can answer: `reset drops all data of shop`.
    pub(crate) refusal: &'a str,
    /// The flags that say yes, with their values.
    pub(crate) flags: Vec<String>,
}

impl Terminal {
    /// Asks for consent; nothing but a spoken yes is one. Without anyone to ask, or with a no, it is
    /// a refusal that names the flags.
    pub(crate) fn consent(&self, question: Question<'_>) -> Result<(), Failure> {
        if !self.can_ask() {
            return Err(Failure::refused(question.refusal, question.flags));
        }
        let answer = Confirm::new(question.text).with_default(false).prompt();
        match answer {
            Ok(true) => Ok(()),
            Ok(false) => Err(declined()),
            Err(error) => Err(unanswered(question, &error)),
        }
    }

    /// Asks to choose; the answer is an index into `options`. The first option is where the cursor
    /// stands, so it must be the one that loses nothing.
    pub(crate) fn choice(
        &self,
        question: Question<'_>,
        options: Vec<String>,
    ) -> Result<usize, Failure> {
        if !self.can_ask() {
            return Err(Failure::refused(question.refusal, question.flags));
        }
        match Select::new(question.text, options).raw_prompt() {
            Ok(answer) => Ok(answer.index),
            Err(error) => Err(unanswered(question, &error)),
        }
    }
}

fn declined() -> Failure {
    Failure::refused("declined; nothing was changed", Vec::new())
}

fn unanswered(question: Question<'_>, error: &InquireError) -> Failure {
    match error {
        InquireError::OperationInterrupted => Failure::interrupted(),
        // Ctrl-C, where the signal is heard by the runtime and not by the question.
        InquireError::IO(error) if error.kind() == ErrorKind::Interrupted => Failure::interrupted(),
        InquireError::OperationCanceled => declined(),
        error => Failure::refused(question.refusal, question.flags).because(error),
    }
}
