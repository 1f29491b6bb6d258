//! What the head of an `up.sql` says that its statements do and risk.

/// A line of a head: a change, and what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step<'a> {
    /// `- column users.name`.
    pub(super) change: &'a str,
    pub(super) risk: Risk,
    /// Locks, and who waits for them.
    pub(super) notes: Vec<&'a str>,
}

/// The words of plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Risk {
    Safe,
    Lock,
    Rewrite,
    DataLoss,
}

impl Risk {
    const ALL: [Self; 4] = [Self::Safe, Self::Lock, Self::Rewrite, Self::DataLoss];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Lock => "lock",
            Self::Rewrite => "rewrite",
            Self::DataLoss => "data loss",
        }
    }

    /// The class of its style.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::DataLoss => "loss",
            other => other.word(),
        }
    }
}

/// The steps that a head names, as `generate` writes them; none where somebody wrote it by hand.
pub(super) fn outline(text: &str) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    for line in text.lines().take_while(|line| line.starts_with("--")) {
        if let Some(note) = line.strip_prefix("--     ") {
            if let Some(step) = steps.last_mut() {
                step.notes.push(note);
            }
        } else {
            steps.extend(step(line));
        }
    }
    steps
}

fn step(line: &str) -> Option<Step<'_>> {
    let line = line.strip_prefix("-- ")?;
    if !["+ ", "~ ", "- "].iter().any(|sign| line.starts_with(sign)) {
        return None;
    }
    let (change, word) = line.strip_suffix(')')?.rsplit_once(" (")?;
    let risk = Risk::ALL.into_iter().find(|risk| risk.word() == word)?;
    Some(Step {
        change,
        risk,
        notes: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_with_what_they_risk() {
        let text = "-- drop the name\n--\n-- + table a (safe)\n-- - column users.name (data loss)\n\
            --     ACCESS EXCLUSIVE on users: readers and writers wait\n--     data-loss: its rows are lost\n\n-- + not (safe)\nSELECT 1;\n";
        let steps = outline(text);
        assert_eq!(steps.len(), 2);
        assert_eq!(steps[0].change, "+ table a");
        assert_eq!(steps[0].notes, Vec::<&str>::new());
        assert_eq!(steps[1].risk, Risk::DataLoss);
        assert_eq!(steps[1].notes.len(), 2);
    }

    #[test]
    fn what_was_written_by_hand_names_none() {
        assert_eq!(outline("-- + not a step\nSELECT 1;\n"), []);
        assert_eq!(outline("SELECT 1;\n"), []);
    }
}
