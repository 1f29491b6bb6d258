//! Exit codes: what a command's end means to the shell and to CI.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, or in sync.
    Done,
    Failed,
    /// There are differences, and `--exit-code` asked to be told so.
    Different,
    /// For want of consent or of an answer.
    Refused,
    /// Arguments that make no sense.
    Usage,
    Interrupted,
    /// What a program of the workspace ended with, passed on.
    Child(u8),
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Different => 2,
            Self::Refused => 3,
            Self::Usage => 64,
            Self::Interrupted => 130,
            Self::Child(code) => code,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
