//! What is wrong with a pair, and what makes two failures the same fault.

use std::fmt;

use seachange::proof::{Leg, ProofError};

#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// What was being done.
    pub(crate) doing: String,
    pub(crate) message: String,
    /// The script that failed, if one did.
    pub(crate) script: String,
    /// PostgreSQL's code, where it refused.
    pub(crate) sqlstate: Option<String>,
}

impl Failure {
    pub(crate) fn new(doing: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            doing: doing.into(),
            message: message.into(),
            script: String::new(),
            sqlstate: None,
        }
    }

    pub(crate) fn of_proof(leg: Leg, error: ProofError) -> Self {
        let doing = format!("{leg:?}");
        match error {
            ProofError::Fails { source, script, .. } => Self {
                doing,
                message: format!("{}\nin: {}", source.summary(), source.statement),
                script,
                sqlstate: source.sqlstate.clone(),
            },
            error => Self::new(doing, error.to_string()),
        }
    }

    /// Whether the rows are to blame: a value that does not fit, or violates a constraint.
    pub(crate) fn is_about_rows(&self) -> bool {
        self.sqlstate
            .as_deref()
            .is_some_and(|state| state.starts_with("22") || state.starts_with("23"))
    }

    /// The same for every pair that shows one fault: the message without names and numbers.
    pub(crate) fn signature(&self) -> String {
        let mut text = String::new();
        let mut quote = None;
        let first_line = self.message.lines().next().unwrap_or_default();
        if self.sqlstate.is_none() && self.message.contains(" differs")
            || self.message.contains(" is missing")
            || self.message.contains(" is left over")
        {
            let mut kinds: Vec<String> = self
                .message
                .split("; ")
                .map(|one| {
                    let first = one.split(' ').next().unwrap_or_default();
                    let last = one.rsplit(' ').next().unwrap_or_default();
                    format!("{first} {last}")
                })
                .collect();
            kinds.sort();
            kinds.dedup();
            return format!("{}: {}", self.doing, kinds.join(", "));
        }
        // No cast from one type to another: which two they are says nothing.
        if let Some(state) = self.sqlstate.as_deref().filter(|state| *state == "42846") {
            return format!("{}: {state}", self.doing);
        }
        for c in first_line.chars() {
            match quote {
                Some(open) if c == open => quote = None,
                Some(_) => {}
                None if c == '"' || c == '`' => {
                    quote = Some(c);
                    text.push('_');
                }
                None if c.is_ascii_digit() => {}
                None => text.push(c),
            }
        }
        format!("{}: {text}", self.doing)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}: {}", self.doing, self.message)?;
        if !self.script.is_empty() {
            write!(to, "\n-- script --\n{}", self.script)?;
        }
        Ok(())
    }
}
