//! Questions, and the refusals that stand in for them where nobody can answer.

use std::io::ErrorKind;

use inquire::{Confirm, InquireError, Select};

use super::lines::{self, Answer, Asking};
use super::{Terminal, look};
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
        if !look::can_draw() {
            return self.consent_by_line(&question);
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
        if !look::can_draw() {
            return self.choice_by_line(&question, &options);
        }
        match Select::new(question.text, options).raw_prompt() {
            Ok(answer) => Ok(answer.index),
            Err(error) => Err(unanswered(question, &error)),
        }
    }

    fn consent_by_line(&self, question: &Question<'_>) -> Result<(), Failure> {
        let asking = Asking::begin();
        self.note(question.text);
        self.note("Type yes and press Enter to go on. Anything else changes nothing.");
        match asking.read() {
            Answer::Line(line) if lines::is_yes(&line) => Ok(()),
            Answer::Line(_) | Answer::Nothing => Err(declined()),
            Answer::Interrupted => Err(Failure::interrupted()),
        }
    }

    /// Asks again where the line is no answer: none is taken for granted.
    fn choice_by_line(
        &self,
        question: &Question<'_>,
        options: &[String],
    ) -> Result<usize, Failure> {
        let asking = Asking::begin();
        loop {
            self.note(question.text);
            for (at, option) in options.iter().enumerate() {
                self.note(format!("{}: {option}", at + 1));
            }
            self.note(format!(
                "Type a number from 1 to {} and press Enter, or an empty line to change nothing.",
                options.len()
            ));
            match asking.read() {
                Answer::Line(line) if line.is_empty() => return Err(declined()),
                Answer::Line(line) => match lines::number(&line, options.len()) {
                    Some(at) => return Ok(at),
                    None => self.note(format!("`{line}` is none of the numbers.")),
                },
                Answer::Nothing => return Err(declined()),
                Answer::Interrupted => return Err(Failure::interrupted()),
            }
        }
    }
}

fn declined() -> Failure {
    Failure::refused("declined; nothing was changed", Vec::new())
        .help("answer with yes where it is meant; the flags in `--help` say it beforehand")
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
