//! The JSON objects of `--json`. Their `version` rises when a reader would have to change.

use serde::Serialize;

use super::error::RunnerError;
use super::event::{Done, Planned};
use super::run::Target;
use super::standing::{Standing, Status};
use super::watch::Blocker;
use crate::backup::Backup;
use crate::error::Help;

const VERSION: u32 = 1;

/// What `up`, `down` and their like did.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report {
    #[cfg_attr(feature = "schemas", schemars(extend("const" = VERSION)))]
    version: u32,
    command: &'static str,
    pub(super) target: String,
    /// Also what was done before an error.
    pub(super) done: Vec<Done>,
    /// Only for a dry run, and where a plan is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) planned: Option<Vec<Planned>>,
    /// The file that a plan was written to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) plan: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) backup: Option<Backup>,
    /// Why there was nothing to do.
    pub(super) nothing: Option<String>,
    error: Option<ErrorReport>,
}

/// What `status` found.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct StatusReport<'a> {
    #[cfg_attr(feature = "schemas", schemars(extend("const" = VERSION)))]
    version: u32,
    command: &'static str,
    target: &'a str,
    applied: usize,
    pending: usize,
    migrations: &'a [Standing],
    problems: Vec<ProblemReport>,
}

/// Why something did not go through.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct ErrorReport {
    code: &'static str,
    message: String,
    help: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    migration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sqlstate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// Who was in the way, when a lock was not had in time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    blockers: Vec<Blocker>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refusals: Vec<ProblemReport>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
struct ProblemReport {
    code: &'static str,
    migration: Option<String>,
    message: String,
    help: Option<String>,
    /// The flag that would answer it.
    flag: Option<&'static str>,
}

impl Report {
    pub(super) fn new(command: &'static str, target: &Target) -> Self {
        Self {
            version: VERSION,
            command,
            target: target.shown(),
            ..Self::default()
        }
    }

    pub(super) fn set_error(&mut self, error: &RunnerError) {
        self.error = Some(ErrorReport::of(error));
    }
}

impl ErrorReport {
    pub(super) fn new(code: &'static str, message: String, help: Option<String>) -> Self {
        Self {
            code,
            message,
            help,
            migration: None,
            sqlstate: None,
            path: None,
            line: None,
            detail: None,
            hint: None,
            blockers: Vec::new(),
            refusals: Vec::new(),
        }
    }

    pub(super) fn of(error: &RunnerError) -> Self {
        let mut report = Self::new(error.code(), error.to_string(), error.help());
        match error {
            RunnerError::Failed(failure) => {
                report.message.clone_from(&failure.message);
                report.migration = Some(failure.version.clone());
                report.sqlstate.clone_from(&failure.sqlstate);
                report.detail.clone_from(&failure.detail);
                report.hint.clone_from(&failure.hint);
                report.blockers.clone_from(&failure.blockers);
                if let Some(place) = &failure.place {
                    report.path = Some(place.path.clone());
                    report.line = Some(place.line);
                }
            }
            RunnerError::Interrupted { version, .. }
            | RunnerError::Unknown { version, .. }
            | RunnerError::Cut { version, .. }
            | RunnerError::CutAtCommit { version, .. } => report.migration = Some(version.clone()),
            RunnerError::Refused(refusals) => {
                report.refusals = refusals
                    .iter()
                    .map(|refusal| ProblemReport {
                        code: refusal.code(),
                        migration: refusal.version().map(str::to_owned),
                        message: refusal.to_string(),
                        help: refusal.help(),
                        flag: refusal.flag(),
                    })
                    .collect();
            }
            _ => {}
        }
        report
    }
}

impl<'a> StatusReport<'a> {
    pub(super) fn new(target: &'a str, status: &'a Status) -> Self {
        Self {
            version: VERSION,
            command: "status",
            target,
            applied: status.applied(),
            pending: status.pending(),
            migrations: &status.migrations,
            problems: status
                .problems
                .iter()
                .map(|problem| ProblemReport {
                    code: problem.code(),
                    migration: None,
                    message: problem.to_string(),
                    help: problem.help(),
                    flag: None,
                })
                .collect(),
        }
    }
}
