//! The state machines: which move leads from one status to another, and whose it is. A status changes in no other way.

use db::enums::{ApplicationStatus, ProgramStatus, ReviewStatus, UserRole};

use crate::problem::{Code, Problem};

/// What becomes of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// The applicant hands it in.
    Submit,
    /// A coordinator gives it back, to be completed.
    SendBack,
    /// A coordinator opens it to its reviewers.
    Review,
    /// A coordinator decides once its reviews are there.
    Decide,
    /// A coordinator decides about one that waits; its reviews were there already.
    Call,
}

impl Move {
    pub(crate) fn between(from: ApplicationStatus, to: ApplicationStatus) -> Option<Self> {
        use ApplicationStatus::{Accepted, Draft, Rejected, Submitted, UnderReview, Waitlisted};
        match (from, to) {
            (Draft, Submitted) => Some(Self::Submit),
            (Submitted, Draft) => Some(Self::SendBack),
            (Submitted, UnderReview) => Some(Self::Review),
            (UnderReview, Accepted | Rejected | Waitlisted) => Some(Self::Decide),
            (Waitlisted, Accepted | Rejected) => Some(Self::Call),
            (Draft | Submitted | UnderReview | Accepted | Rejected | Waitlisted, _) => None,
        }
    }

    pub(crate) fn belongs_to(self) -> UserRole {
        match self {
            Self::Submit => UserRole::Applicant,
            Self::SendBack | Self::Review | Self::Decide | Self::Call => UserRole::Coordinator,
        }
    }
}

/// Whether a program may go from one status to another: it opens, it closes, and it can be opened again.
pub(crate) fn program(from: ProgramStatus, to: ProgramStatus) -> bool {
    use ProgramStatus::{Active, Archived, Draft};
    matches!(
        (from, to),
        (Draft, Active) | (Active, Archived) | (Archived, Active)
    )
}

/// Whether scores may still be given.
pub(crate) fn review_is_open(status: ReviewStatus) -> bool {
    match status {
        ReviewStatus::Pending | ReviewStatus::InProgress => true,
        ReviewStatus::Completed => false,
    }
}

pub(crate) fn refused(from: impl serde::Serialize, to: impl serde::Serialize) -> Problem {
    Problem::new(
        Code::WrongState,
        format!("nothing leads from `{}` to `{}`", label(from), label(to)),
    )
}

/// As the API spells it.
pub(crate) fn label(status: impl serde::Serialize) -> String {
    match serde_json::to_value(status) {
        Ok(serde_json::Value::String(label)) => label,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::Iterable as _;

    #[test]
    fn applications_go_these_ways_and_no_others() {
        let mut ways = Vec::new();
        for from in ApplicationStatus::iter() {
            for to in ApplicationStatus::iter() {
                if let Some(step) = Move::between(from, to) {
                    ways.push(format!(
                        "{} -> {} {}",
                        label(from),
                        label(to),
                        label(step.belongs_to())
                    ));
                }
            }
        }
        assert_eq!(
            ways,
            [
                "draft -> submitted applicant",
                "submitted -> draft coordinator",
                "submitted -> under_review coordinator",
                "under_review -> accepted coordinator",
                "under_review -> rejected coordinator",
                "under_review -> waitlisted coordinator",
                "waitlisted -> accepted coordinator",
                "waitlisted -> rejected coordinator",
            ]
        );
    }

    #[test]
    fn programs_open_close_and_open_again() {
        let mut ways = 0;
        for from in ProgramStatus::iter() {
            assert!(!program(from, ProgramStatus::Draft));
            ways += ProgramStatus::iter()
                .filter(|to| program(from, *to))
                .count();
        }
        assert_eq!(ways, 3);
    }
}
