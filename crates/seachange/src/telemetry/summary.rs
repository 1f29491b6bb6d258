//! A run in one object that machines read: what was asked for, how it ended, how long each phase took.

use std::fs;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::error::TelemetryError;
use super::phases::Phase;

/// How a run ended.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a> {
    /// `migrate`.
    pub command: &'a str,
    /// The database, its password masked.
    pub target: Option<&'a str>,
    /// As the program ends with it.
    pub exit_code: u8,
    /// Its message, where it failed.
    pub error: Option<&'a str>,
}

/// The file's content.
#[derive(Serialize)]
pub(super) struct Summary<'a> {
    version: u32,
    program: &'a str,
    tool: &'static str,
    command: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    started_at: String,
    duration_ms: u64,
    exit_code: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    phases: Vec<Phase>,
}

impl<'a> Summary<'a> {
    pub(super) fn new(
        program: &'a str,
        ended: &Ended<'a>,
        started_at: DateTime<Utc>,
        took: Duration,
        phases: Vec<Phase>,
    ) -> Self {
        Self {
            version: 1,
            program,
            tool: env!("CARGO_PKG_VERSION"),
            command: ended.command,
            target: ended.target,
            started_at: started_at.to_rfc3339_opts(SecondsFormat::Millis, true),
            duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            exit_code: ended.exit_code,
            error: ended.error,
            phases,
        }
    }
}

pub(super) fn write(path: &Path, summary: &Summary<'_>) -> Result<(), TelemetryError> {
    let failed = |source| TelemetryError::Summary {
        path: path.to_owned(),
        source,
    };
    let mut text = serde_json::to_string_pretty(summary).map_err(|error| failed(error.into()))?;
    text.push('\n');
    fs::write(path, text).map_err(failed)
}
